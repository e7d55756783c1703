import { join, relative, sep } from 'node:path';
import type { FileProbe } from '../config/files';
import type { NearbyFiles } from '../language/surroundings';

const skipped = new Set(['node_modules', '__pycache__', 'dist', 'out']);
const isModel = (name: string): boolean => /\.onnx$/i.test(name) || name === 'model.json';

/** Deeper and more than this is no longer near. */
const MAX_DEPTH = 3;
const MAX_ENTRIES = 2000;

/** Model files and folders in and below the config's folder. */
export async function nearbyFiles(root: string, probe: FileProbe): Promise<NearbyFiles> {
  const models: string[] = [];
  const folders: string[] = [];
  let seen = 0;
  const visit = async (folder: string, depth: number): Promise<void> => {
    for (const name of (await probe.list(folder)).slice().sort()) {
      if (name.startsWith('.') || skipped.has(name) || ++seen > MAX_ENTRIES) continue;
      const path = join(folder, name);
      const written = `./${relative(root, path).split(sep).join('/')}`;
      if (isModel(name)) models.push(written);
      if (/\.\w+$/.test(name) || (await probe.kind(path)) !== 'directory') continue;
      folders.push(written);
      if (depth < MAX_DEPTH) await visit(path, depth + 1);
    }
  };
  await visit(root, 1);
  return { models, folders };
}
