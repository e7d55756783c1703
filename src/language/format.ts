import { parseDocument } from 'yaml';
import type { TextEdit } from 'vscode-languageserver-types';
import type { ConfigDocument } from './document';

export interface FormatOptions {
  readonly tabSize: number;
}

/** Lays a config out anew; comments, blank lines and its brackets stay. Nothing where the text is no YAML. */
export function format(document: ConfigDocument, { tabSize }: FormatOptions): TextEdit[] {
  if (document.problems.length > 0 || document.content.trim() === '') return [];
  const text = document.content;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const parsed = parseDocument(text.replaceAll('\r\n', '\n'));
  const printed = parsed
    .toString({ indent: Math.min(Math.max(tabSize, 1), 8), lineWidth: 0, flowCollectionPadding: true })
    .replaceAll('\n', newline);
  if (printed === text) return [];
  return [{ range: document.range({ start: 0, end: text.length }), newText: printed }];
}
