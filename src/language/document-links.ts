import type { DocumentLink } from 'vscode-languageserver-types';
import type { ConfigDocument } from './document';
import { namedFiles } from './named-files';

/** Address of a path that a config names. */
export type ToUri = (name: string) => string;

/** Links to the model files that a config names. */
export function documentLinks(document: ConfigDocument, toUri: ToUri): DocumentLink[] {
  return namedFiles(document)
    .filter(({ kind }) => kind === 'modelFile')
    .map((file) => ({ range: document.range(file), target: toUri(file.name) }));
}
