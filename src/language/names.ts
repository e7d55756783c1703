import type { ConfigPath } from '../config/problem';

/** What the text at a path names, beyond the schema. */
export type Naming = 'model' | 'modelFile' | 'folder' | 'layer';

/** What the value at a path names; for an entry under `layers`, what its key does. */
export function namingAt(path: ConfigPath): Naming | undefined {
  const [first, second] = path;
  if (path.length === 1 && first === 'model') return 'model';
  if (path.length !== 2) return undefined;
  if (first === 'model' && (second === 'path' || second === 'weights')) return 'modelFile';
  if (first === 'dataset' && (second === 'folder' || second === 'directory')) return 'folder';
  if (first === 'output' && second === 'directory') return 'folder';
  return first === 'layers' ? 'layer' : undefined;
}

/** How a name looks, by the key that it stands behind. */
export function exampleName(key: string | undefined): string {
  switch (key) {
    case 'path':
    case 'weights':
      return './model.onnx';
    case 'folder':
      return './photos';
    case 'directory':
      return './data';
    default:
      return 'name';
  }
}
