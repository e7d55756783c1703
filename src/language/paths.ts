import type { ConfigPath } from '../config/problem';
import type { PairNode, SyntaxNode } from './syntax/node';

/** Calls `visit` for every value with its path; for the value of a key with its pair as well. */
export function walkPaths(
  node: SyntaxNode | undefined,
  visit: (path: ConfigPath, node: SyntaxNode, pair?: PairNode) => void,
  path: ConfigPath = [],
  pair?: PairNode,
): void {
  if (!node) return;
  visit(path, node, pair);
  if (node.kind === 'seq') node.items.forEach((item, index) => walkPaths(item, visit, [...path, index]));
  if (node.kind !== 'map') return;
  for (const inner of node.pairs) walkPaths(inner.value, visit, [...path, String(inner.key.value)], inner);
}
