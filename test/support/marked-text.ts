import { ConfigDocument } from '../../src/language/document';

/** A document and the position of the mark `|` in it, which is taken out. */
export function marked(text: string) {
  const offset = text.indexOf('|');
  if (offset < 0) throw new Error(`no mark in ${text}`);
  const document = ConfigDocument.of(text.slice(0, offset) + text.slice(offset + 1));
  return { document, position: document.position(offset) };
}
