import type { ConfigPath } from '../config/problem';
import { zooNames } from '../config/schema';
import type { ConfigDocument } from './document';
import { namingAt } from './names';
import { walkPaths } from './paths';
import type { Extent } from './syntax/node';

export interface NamedFile extends Extent {
  /** As it is written. */
  readonly name: string;
  readonly kind: 'modelFile' | 'folder';
  readonly path: ConfigPath;
}

/** The files and folders that a config names, with the places where it does. */
export function namedFiles(document: ConfigDocument): NamedFile[] {
  const files: NamedFile[] = [];
  walkPaths(document.root, (path, node) => {
    const naming = namingAt(path);
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '') return;
    if (naming === 'modelFile' || (naming === 'model' && !(zooNames as readonly string[]).includes(node.value))) {
      files.push({ name: node.value, kind: 'modelFile', path, start: node.start, end: node.end });
    } else if (naming === 'folder') {
      files.push({ name: node.value, kind: 'folder', path, start: node.start, end: node.end });
    }
  });
  return files;
}
