import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '../cache-dir';
import { concurrently } from './concurrently';
import type { LoadOptions } from './loaded';
import { isReadable } from './photo';

const FILES_AT_ONCE = 16;
const REPORT_EVERY = 100;

/**
 * Decodes every image once, so that a broken one is known before hours of training. The finding is kept, for as long as
 * names, sizes and dates of the files stay the same.
 * @param files relative to `folder`.
 * @returns those that can't be read.
 */
export async function unreadableImages(
  folder: string,
  files: readonly string[],
  { onProgress, signal }: LoadOptions,
): Promise<ReadonlySet<string>> {
  const record = cacheDir('datasets', 'checked-images', `${await fingerprint(folder, files)}.json`);
  const known = await readRecord(record);
  if (known) return known;

  const broken = new Set<string>();
  let done = 0;
  await concurrently(files, FILES_AT_ONCE, async (file) => {
    signal?.throwIfAborted();
    if (!(await isReadable(join(folder, file)))) broken.add(file);
    if (++done % REPORT_EVERY === 0 || done === files.length) {
      onProgress?.({ text: 'checking images', done, total: files.length });
    }
  });
  await writeRecord(record, broken);
  return broken;
}

async function fingerprint(folder: string, files: readonly string[]): Promise<string> {
  const facts: string[] = [];
  await concurrently(files, FILES_AT_ONCE, async (file, i) => {
    const { size, mtimeMs } = await stat(join(folder, file));
    facts[i] = `${file}\0${size}\0${mtimeMs}`;
  });
  return createHash('sha256')
    .update([folder, ...facts].join('\n'))
    .digest('hex');
}

async function readRecord(path: string): Promise<ReadonlySet<string> | undefined> {
  try {
    const broken: unknown = JSON.parse(await readFile(path, 'utf8'));
    return Array.isArray(broken) ? new Set(broken.map(String)) : undefined;
  } catch {
    return undefined;
  }
}

/** Where the cache can't be written the images are checked again next time: no reason to fail. */
async function writeRecord(path: string, broken: ReadonlySet<string>): Promise<void> {
  const partial = `${path}.${process.pid}`;
  try {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(partial, JSON.stringify([...broken]));
    await rename(partial, path);
  } catch {
    return;
  }
}
