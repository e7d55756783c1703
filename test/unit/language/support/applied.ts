import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CodeAction } from 'vscode-languageserver-types';
import type { ConfigDocument } from '../../../../src/language/document';

/** The text after a code action. */
export function applied(document: ConfigDocument, { edit }: CodeAction): string {
  return TextDocument.applyEdits(document.text, edit?.changes?.[document.uri] ?? []);
}
