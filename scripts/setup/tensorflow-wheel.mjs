import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from './cache-dir.mjs';
import { run } from './run.mjs';

const VERSION = '2.18.0';
const PLATFORMS = { x64: 'manylinux_2_17_x86_64', arm64: 'manylinux_2_17_aarch64' };

/** Takes the parts of a zip whose names begin as asked; Python is there, as pip is needed anyway. */
const UNPACK = `
import sys, zipfile
archive, target, *prefixes = sys.argv[1:]
with zipfile.ZipFile(archive) as z:
    for name in z.namelist():
        if name.startswith(tuple(prefixes)):
            z.extract(name, target)
`;

/** TensorFlow's C libraries and headers out of its Python wheel, kept in the cache. Gives the folder of both. */
export async function installTensorFlow() {
  const platform = process.platform === 'linux' ? PLATFORMS[process.arch] : undefined;
  if (!platform) throw new Error(`there is no TensorFlow wheel for ${process.platform} ${process.arch}`);
  const folder = cacheDir(`tensorflow-cpu-${VERSION}-${process.arch}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheDir(), { recursive: true });
  const work = mkdtempSync(cacheDir('tensorflow-'));
  try {
    await run('python3', [
      ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--python-version', '3.11'],
      ...['--platform', platform, '-d', work, `tensorflow-cpu==${VERSION}`],
    ]);
    const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
    await run('python3', [
      ...[
        '-c',
        UNPACK,
        join(work, wheel),
        work,
        'tensorflow/libtensorflow_cc.so.2',
        'tensorflow/libtensorflow_framework.so.2',
      ],
      ...['tensorflow/c', 'tsl', 'xla', 'tensorflow/core/platform'].map((part) => `tensorflow/include/${part}/`),
    ]);
    const staged = join(work, 'staged');
    const lib = join(staged, 'lib');
    mkdirSync(lib, { recursive: true });
    renameSync(join(work, 'tensorflow', 'include'), join(staged, 'include'));
    for (const [name, link] of [
      ['libtensorflow_cc.so.2', 'libtensorflow.so'],
      ['libtensorflow_framework.so.2', 'libtensorflow_framework.so'],
    ]) {
      renameSync(join(work, 'tensorflow', name), join(lib, name));
      symlinkSync(name, join(lib, link));
    }
    // Whole or not at all; another process may have been quicker.
    if (!existsSync(folder)) renameSync(staged, folder);
    return folder;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
