import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheDir } from '../cache-dir';
import { DatasetError } from './dataset-error';

const PARTIAL = '.partial-';
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A folder of the cache that `make` fills once. It appears as a whole or not at all, and several processes may ask for
 * it at the same time: each makes its own, the first to be ready wins.
 * @param files size in bytes of each file that makes it whole, by path relative to the folder.
 * @throws DatasetError when the cache can't be written; whatever `make` throws.
 */
export async function cachedFolder(
  name: string,
  files: Readonly<Record<string, number>>,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const folder = cacheDir('datasets', name);
  if (await isWhole(folder, files)) return folder;
  const parent = dirname(folder);
  const partial = await mkdir(parent, { recursive: true })
    .then(() => removeStale(parent))
    .then(() => mkdtemp(join(parent, `${basename(folder)}${PARTIAL}`)))
    .catch((error: NodeJS.ErrnoException) => {
      throw new DatasetError(
        `can't write to the cache ${parent} (${error.code ?? error.message}): set POCKETFLOW_CACHE to a folder that can be written`,
      );
    });
  try {
    await make(partial);
    await replace(partial, folder, files);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

async function replace(from: string, to: string, files: Readonly<Record<string, number>>): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    // Another process was quicker, or what is there was damaged.
    if (await isWhole(to, files)) return;
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  }
}

async function isWhole(folder: string, files: Readonly<Record<string, number>>): Promise<boolean> {
  const sizes = await Promise.all(
    Object.keys(files).map((path) =>
      stat(join(folder, path)).then(
        (stats) => stats.size === files[path],
        () => false,
      ),
    ),
  );
  return sizes.every(Boolean);
}

/** A process that was killed while it made a folder leaves its part behind. */
async function removeStale(parent: string): Promise<void> {
  for (const entry of await readdir(parent)) {
    if (!entry.includes(PARTIAL)) continue;
    const path = join(parent, entry);
    const age = await stat(path).then(
      (stats) => Date.now() - stats.mtimeMs,
      () => 0,
    );
    if (age > DAY_MS) await rm(path, { recursive: true, force: true });
  }
}
