import * as l10n from '@vscode/l10n';
import type { Location, Position, Range, WorkspaceEdit } from 'vscode-languageserver-types';
import { mentionAt } from './definition';
import type { ConfigDocument } from './document';

/** The name at a place that can be renamed: that of an anchor. */
export function renameRange(document: ConfigDocument, position: Position): Range | undefined {
  const name = mentionAt(document, document.offset(position));
  return name && document.range(name);
}

/**
 * Renames an anchor and its aliases.
 * @throws RangeError when YAML allows no such name, or it is taken.
 */
export function rename(document: ConfigDocument, position: Position, newName: string): WorkspaceEdit | undefined {
  const name = mentionAt(document, document.offset(position));
  if (!name) return undefined;
  if (!/^[^\s,[\]{}]+$/.test(newName)) {
    throw new RangeError(l10n.t('An anchor has a name without spaces, commas and brackets.'));
  }
  if (newName !== name.name && document.anchors.has(newName)) {
    throw new RangeError(l10n.t('There is an anchor {0} already.', newName));
  }
  const edits = document.mentionsOf(name.name).map((mention) => ({ range: document.range(mention), newText: newName }));
  return { changes: { [document.uri]: edits } };
}

/** Every place where the anchor at a place is named. */
export function references(document: ConfigDocument, position: Position): Location[] {
  const name = mentionAt(document, document.offset(position));
  if (!name) return [];
  return document.mentionsOf(name.name).map((mention) => ({ uri: document.uri, range: document.range(mention) }));
}
