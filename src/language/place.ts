import type { ConfigPath } from '../config/problem';
import type { ConfigDocument } from './document';
import type { Extent, SyntaxNode } from './syntax/node';

/** Something that is written in a config. */
export interface Place {
  readonly path: ConfigPath;
  /** Whether it is the key of the path, or a scalar that is its value. */
  readonly part: 'key' | 'value';
  readonly extent: Extent;
}

/** The key or scalar at an offset. */
export function placeAt({ root }: ConfigDocument, offset: number): Place | undefined {
  return find(root, offset, []);
}

function find(node: SyntaxNode | undefined, offset: number, path: ConfigPath): Place | undefined {
  if (!node || !holds(node, offset)) return undefined;
  if (node.kind === 'seq') {
    const index = node.items.findIndex((item) => holds(item, offset));
    return index < 0 ? undefined : find(node.items[index], offset, [...path, index]);
  }
  if (node.kind === 'alias' || node.kind === 'scalar')
    return { path, part: 'value', extent: { start: node.start, end: node.end } };
  const pair = node.pairs.find((candidate) => holds(candidate, offset));
  if (!pair) return undefined;
  const here = [...path, String(pair.key.value)];
  if (holds(pair.key, offset)) return { path: here, part: 'key', extent: { start: pair.key.start, end: pair.key.end } };
  return find(pair.value, offset, here);
}

function holds({ start, end }: Extent, offset: number): boolean {
  return start <= offset && offset <= end;
}
