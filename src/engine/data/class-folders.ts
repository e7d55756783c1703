import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DatasetError } from './dataset-error';

const extensions = new Set(['.jpg', '.jpeg', '.png']);

/** Names of the folders in `folder`, sorted; links are followed, hidden ones are not classes. */
export async function subFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'ENOENT' ? 'it does not exist' : error.code === 'ENOTDIR' ? 'it is a file' : error.message;
    throw new DatasetError(`can't read the image folder ${folder}: ${why}`);
  });
  const folders: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue;
    const isFolder = entry.isSymbolicLink()
      ? await stat(join(folder, entry.name)).then(
          (stats) => stats.isDirectory(),
          () => false,
        )
      : entry.isDirectory();
    if (isFolder) folders.push(entry.name);
  }
  return folders.sort();
}

/** JPEG and PNG files in and below `folder`, relative to it, sorted. */
export async function imagesBelow(folder: string): Promise<string[]> {
  const paths = await readdir(folder, { recursive: true });
  return paths
    .filter((path) => extensions.has(extname(path).toLowerCase()) && !path.split(/[\\/]/).some(isHidden))
    .sort();
}

/** macOS puts a `._name.jpg` beside a file on foreign disks. */
function isHidden(name: string): boolean {
  return name.startsWith('.');
}
