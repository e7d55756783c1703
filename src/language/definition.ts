import type { LocationLink, Position } from 'vscode-languageserver-types';
import type { ConfigDocument } from './document';
import type { ToUri } from './document-links';
import { namedFiles } from './named-files';
import { walk, type NamedExtent, type SyntaxNode } from './syntax/node';

const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** Where what is named at a place is: a model file, a folder, the anchor of an alias. */
export function definition(document: ConfigDocument, position: Position, toUri: ToUri): LocationLink[] {
  const offset = document.offset(position);
  const file = namedFiles(document).find(({ start, end }) => start <= offset && offset <= end);
  if (file) {
    const link = { targetUri: toUri(file.name), targetRange: top, targetSelectionRange: top };
    return [{ ...link, originSelectionRange: document.range(file) }];
  }
  const name = mentionAt(document, offset);
  const anchored = name && document.anchors.get(name.name);
  return name && anchored ? [linkTo(document, name, anchored)] : [];
}

function linkTo(document: ConfigDocument, name: NamedExtent, anchored: SyntaxNode): LocationLink {
  const anchor = document.range(anchored.anchor ?? anchored);
  return {
    originSelectionRange: document.range(name),
    targetUri: document.uri,
    targetRange: { start: anchor.start, end: document.position(Math.max(anchored.end, anchored.anchor?.end ?? 0)) },
    targetSelectionRange: anchor,
  };
}

/** The name of the anchor or alias at an offset. */
export function mentionAt({ root }: ConfigDocument, offset: number): NamedExtent | undefined {
  let found: NamedExtent | undefined;
  walk(root, (node) => {
    const name = node.kind === 'alias' ? node.target : node.anchor;
    if (name && name.start - 1 <= offset && offset <= name.end) found = name;
  });
  return found;
}
