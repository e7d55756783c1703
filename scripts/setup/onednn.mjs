import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from './cache-dir.mjs';
import { phase, say } from './report.mjs';
import { run } from './run.mjs';
import { installSystemPackages, pip } from './system-packages.mjs';

/** As src/engine/runtime/onednn/library.ts asks for. */
const VERSION = '2023.2.0';
const NAME = `onednn-cpu-gomp-${VERSION}`;
const RETRY_MS = 24 * 3600 * 1000;

/** Takes the library out of the wheel under the name that it is loaded by. */
const UNPACK = `
import shutil, sys, zipfile
archive, target = sys.argv[1:]
with zipfile.ZipFile(archive) as z:
    name = max((n for n in z.namelist() if '/libdnnl.so.3' in n), key=lambda n: z.getinfo(n).file_size)
    with z.open(name) as source, open(target, 'wb') as out:
        shutil.copyfileobj(source, out)
`;

/**
 * Puts the oneDNN library of Intel's Python wheel into the cache. Where it can't be had the engine computes by other
 * means; one line says why, and it is tried again on another day or when asked for.
 */
export async function installOneDnn({ retry = false } = {}) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  const folder = cacheDir(`${NAME}-${process.arch}`);
  if (existsSync(folder)) return;
  const record = cacheDir(`${NAME}.failed`);
  if (existsSync(record) && !retry && Date.now() - statSync(record).mtimeMs < RETRY_MS) {
    say(readFileSync(record, 'utf8'));
    return;
  }
  try {
    await phase('installing oneDNN', () => fetchLibrary(folder));
    rmSync(record, { force: true });
  } catch (error) {
    const why = error.message.trim().split('\n').at(-1).slice(0, 200);
    const text = `Computing without oneDNN, which is slower: it could not be installed (${why}). To try again: npm run setup`;
    writeFileSync(record, text);
    say(text);
  }
}

async function fetchLibrary(folder) {
  mkdirSync(cacheDir(), { recursive: true });
  const work = mkdtempSync(cacheDir('onednn-'));
  try {
    await installSystemPackages([pip]);
    await run('python3', [
      ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--platform', 'manylinux1_x86_64'],
      ...['-d', work, `onednn-cpu-gomp==${VERSION}`],
    ]);
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
    const staged = join(work, 'staged');
    mkdirSync(staged);
    await run('python3', ['-c', UNPACK, join(work, wheel), join(staged, 'libdnnl.so.3')]);
    // Whole or not at all; another process may have been quicker.
    if (!existsSync(folder)) renameSync(staged, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
