import type { Position, SelectionRange } from 'vscode-languageserver-types';
import type { ConfigDocument } from './document';
import type { Extent, SyntaxNode } from './syntax/node';

/** For each position the things around it, from the smallest to the whole text. */
export function selectionRanges(document: ConfigDocument, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => {
    const extents: Extent[] = [{ start: 0, end: document.content.length }];
    gather(document.root, document.offset(position), extents);
    const distinct = extents.filter(
      ({ start, end }, i) => start !== extents[i - 1]?.start || end !== extents[i - 1]?.end,
    );
    const nested = distinct.reduce<SelectionRange | undefined>(
      (parent, extent) => ({ range: document.range(extent), ...(parent && { parent }) }),
      undefined,
    );
    return nested ?? { range: { start: position, end: position } };
  });
}

function gather(node: SyntaxNode | undefined, offset: number, extents: Extent[]): void {
  if (!node || !holds(node, offset)) return;
  extents.push(node);
  if (node.kind === 'seq') for (const item of node.items) gather(item, offset, extents);
  if (node.kind !== 'map') return;
  const pair = node.pairs.find((candidate) => holds(candidate, offset));
  if (!pair) return;
  extents.push(pair);
  gather(holds(pair.key, offset) ? pair.key : pair.value, offset, extents);
}

function holds({ start, end }: Extent, offset: number): boolean {
  return start <= offset && offset <= end;
}
