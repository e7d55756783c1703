import type { Position } from 'vscode-languageserver-types';
import { codeLenses } from '../../../../src/language/code-lenses';
import { complete } from '../../../../src/language/complete';
import { definition } from '../../../../src/language/definition';
import { diagnose } from '../../../../src/language/diagnose';
import type { ConfigDocument } from '../../../../src/language/document';
import { documentLinks } from '../../../../src/language/document-links';
import { foldingRanges } from '../../../../src/language/folding';
import { format } from '../../../../src/language/format';
import { hover } from '../../../../src/language/hover';
import { inlayHints } from '../../../../src/language/inlay-hints';
import { quickFixes } from '../../../../src/language/quick-fixes';
import { refactorings } from '../../../../src/language/refactorings';
import { references, rename, renameRange } from '../../../../src/language/rename';
import { selectionRanges } from '../../../../src/language/selection-ranges';
import { semanticTokens } from '../../../../src/language/semantic-tokens';
import type { Surroundings } from '../../../../src/language/surroundings';
import { symbols } from '../../../../src/language/symbols';

type Verb = (document: ConfigDocument, position: Position, around: Surroundings) => unknown;

const toUri = (name: string): string => `file:///${name}`;
const whole = (document: ConfigDocument) => document.range({ start: 0, end: document.content.length });

/** Everything that can be asked about a config, by name. */
export const verbs: Readonly<Record<string, Verb>> = {
  diagnose: (document, _, around) => diagnose(document, around),
  complete,
  hover,
  definition: (document, position) => definition(document, position, toUri),
  links: (document) => documentLinks(document, toUri),
  references,
  renameRange,
  rename: (document, position) => rename(document, position, 'renamed'),
  selection: (document, position) => selectionRanges(document, [position]),
  symbols,
  folding: foldingRanges,
  tokens: semanticTokens,
  lenses: (document, _, around) => codeLenses(document, around),
  hints: (document, _, around) => inlayHints(document, whole(document), around),
  fixes: (document, _, around) => quickFixes(document, whole(document), around),
  refactorings: (document, position, around) => refactorings(document, { start: position, end: position }, around),
  format: (document) => format(document, { tabSize: 2 }),
};
