import * as l10n from '@vscode/l10n';
import { CodeActionKind, type CodeAction, type Range, type TextEdit } from 'vscode-languageserver-types';
import { matchesLayer } from '../config/layer-patterns';
import type { ConfigDocument } from './document';
import { addPair } from './edits';
import { needsQuotes } from './snippet';
import type { Surroundings } from './surroundings';

/** Larger changes that may be wanted where the cursor is. */
export function refactorings(document: ConfigDocument, range: Range, around: Surroundings = {}): CodeAction[] {
  const at = document.offset(range.start);
  return [stagesFromSingle(document, at), everyLayer(document, at, around)].filter((action) => action !== undefined);
}

const stageKeys = ['learner', 'target', 'options', 'training', 'search', 'ratios'];

/** Turns the one stage that is written without a list into the first of a list. */
function stagesFromSingle(document: ConfigDocument, at: number): CodeAction | undefined {
  const { root } = document;
  if (root?.kind !== 'map' || root.flow || document.pairAt(['stages'])) return undefined;
  const own = root.pairs.filter(({ key }) => stageKeys.includes(String(key.value)));
  if (!own.some(({ start, end }) => start <= at && at <= end)) return undefined;
  const lines = own.flatMap(({ start, end }) => document.content.slice(start, end).split('\n'));
  const text = lines.map((line, i) => (i === 0 ? `  - ${line}` : line === '' ? '' : `    ${line}`)).join('\n');
  const edits = own.map((pair, i): TextEdit => {
    const newline = document.content.indexOf('\n', pair.end);
    const end = newline < 0 ? document.content.length : newline + 1;
    const replaced = i === 0 ? { start: pair.start, end: pair.end } : { start: pair.start, end };
    return { range: document.range(replaced), newText: i === 0 ? `stages:\n${text}` : '' };
  });
  return action(document, CodeActionKind.RefactorExtract, l10n.t('Extract the stage into a list of stages'), edits);
}

/** Writes an entry for each layer that has none, to be filled in. */
function everyLayer(document: ConfigDocument, at: number, { model }: Surroundings): CodeAction | undefined {
  const pair = document.pairAt(['layers']);
  if (!model || !pair || at < pair.start || at > pair.end) return undefined;
  const entries = pair.value?.kind === 'map' ? pair.value.pairs.map(({ key }) => String(key.value)) : [];
  const missing = model.layers
    .map(({ name }) => name)
    .filter((name) => !entries.some((key) => matchesLayer(key, name)));
  if (missing.length === 0) return undefined;
  const column = pair.value?.kind === 'map' && !pair.value.flow ? document.position(pair.value.start).character : 2;
  const written = missing.map((name) => `${needsQuotes(name) ? JSON.stringify(name) : name}: {}`);
  const flow = pair.value?.kind === 'map' && pair.value.flow;
  const text = written.join(flow ? ', ' : `\n${' '.repeat(column)}`);
  const end = document.position(pair.key.end + 1);
  const edit = pair.value
    ? addPair(document, ['layers'], text)
    : { range: { start: end, end }, newText: `\n${' '.repeat(column)}${text}` };
  return edit && action(document, CodeActionKind.RefactorRewrite, l10n.t('Add every layer of the model'), [edit]);
}

function action(document: ConfigDocument, kind: string, title: string, edits: TextEdit[]): CodeAction {
  return { title, kind, edit: { changes: { [document.uri]: edits } } };
}
