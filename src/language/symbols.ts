import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import type { ConfigDocument } from './document';
import type { PairNode, SyntaxNode } from './syntax/node';

/** The keys of a config as a tree, each with its value in short. */
export function symbols(document: ConfigDocument): DocumentSymbol[] {
  return childrenOf(document, document.root);
}

function childrenOf(document: ConfigDocument, node: SyntaxNode | undefined): DocumentSymbol[] {
  if (node?.kind === 'map') return node.pairs.map((pair) => ofPair(document, pair));
  if (node?.kind !== 'seq' || !node.items.some(({ kind }) => kind === 'map')) return [];
  return node.items.map((item, index) => {
    const range = document.range(item);
    const children = childrenOf(document, item);
    return { name: String(index + 1), kind: SymbolKind.Object, range, selectionRange: range, children };
  });
}

function ofPair(document: ConfigDocument, { key, value, start, end }: PairNode): DocumentSymbol {
  const children = childrenOf(document, value);
  const detail = children.length > 0 || !value ? '' : document.content.slice(value.start, value.end).split('\n', 1)[0];
  return {
    // The protocol forbids empty names.
    name: String(key.value) || '""',
    ...(detail && { detail }),
    kind: kindOf(value),
    range: document.range({ start, end }),
    selectionRange: document.range(key),
    children,
  };
}

function kindOf(value: SyntaxNode | undefined): SymbolKind {
  if (value?.kind === 'map') return SymbolKind.Object;
  if (value?.kind === 'seq') return SymbolKind.Array;
  if (value?.kind !== 'scalar') return SymbolKind.Null;
  if (typeof value.value === 'number') return SymbolKind.Number;
  return typeof value.value === 'boolean' ? SymbolKind.Boolean : SymbolKind.String;
}
