import * as l10n from '@vscode/l10n';
import { CodeActionKind, type CodeAction, type Range, type TextEdit } from 'vscode-languageserver-types';
import type { DiagnosticCode } from '../config/diagnostic-codes';
import { learners } from '../config/learners';
import type { ConfigProblem } from '../config/problem';
import { exampleOf } from '../config/wording';
import { problemsOf, toDiagnostic } from './diagnose';
import type { ConfigDocument } from './document';
import { addPair, removePair } from './edits';
import { fieldsAt, isStage, learnerAt } from './schema';
import { needsQuotes } from './snippet';
import type { Surroundings } from './surroundings';

interface Fix {
  readonly title: string;
  readonly edits: readonly (TextEdit | undefined)[];
  /** Whether it is surely what is wanted. */
  readonly preferred?: boolean;
}

/** What mends the problems within a range, the surest first. */
export function quickFixes(document: ConfigDocument, range: Range, around: Surroundings = {}): CodeAction[] {
  const [start, end] = [document.offset(range.start), document.offset(range.end)];
  return problemsOf(document, around)
    .filter((problem) => problem.range.start.offset <= end && problem.range.end.offset >= start)
    .flatMap((problem) => fixesOf(document, problem).flatMap((fix) => toAction(document, problem, fix)));
}

function toAction(document: ConfigDocument, problem: ConfigProblem, { title, edits, preferred }: Fix): CodeAction[] {
  const changes = edits.filter((edit) => edit !== undefined);
  if (changes.length < edits.length || changes.length === 0) return [];
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(document, problem)],
      edit: { changes: { [document.uri]: changes } },
      ...(preferred && { isPreferred: true }),
    },
  ];
}

function fixesOf(document: ConfigDocument, problem: ConfigProblem): Fix[] {
  const fixes = (byCode[problem.code] ?? (() => []))(document, problem);
  return problem.replacement === undefined ? fixes : [replace(document, problem, problem.replacement), ...fixes];
}

type Fixes = (document: ConfigDocument, problem: ConfigProblem) => Fix[];

function replace(document: ConfigDocument, { range, code }: ConfigProblem, text: string): Fix {
  const extent = { start: range.start.offset, end: range.end.offset };
  const newText = code === 'unknown-layer' && needsQuotes(text) ? JSON.stringify(text) : text;
  return {
    title: l10n.t('Change to {0}', text),
    edits: [{ range: document.range(extent), newText }],
    preferred: true,
  };
}

const remove: Fixes = (document, { path }) => {
  const key = path.at(-1);
  if (typeof key !== 'string' || !document.pairAt(path)) return [];
  return [{ title: l10n.t('Remove {0}', key), edits: [removePair(document, path)] }];
};

/** The message says which key it is that is missing; so does the schema. */
const add: Fixes = (document, { path, message }) => {
  const map = document.nodeAt(path);
  const present = map?.kind === 'map' ? map.pairs.map(({ key }) => String(key.value)) : [];
  return fieldsAt(document, path, present)
    .filter(({ key, required }) => required && !present.includes(key) && message.includes(`\`${key}\``))
    .map(({ key }) => exampleOf(key) ?? `${key}: `)
    .map((text) => ({ title: l10n.t('Add {0}', text), edits: [addPair(document, path, text)], preferred: true }));
};

const addTarget: Fixes = (document, { path }) => {
  if (!isStage(path)) return [];
  const text = targetFor(document, path);
  return text === undefined
    ? []
    : [{ title: l10n.t('Add {0}', text), edits: [addPair(document, path, text)], preferred: true }];
};

const otherTarget: Fixes = (document, problem) => {
  const at = problem.path.indexOf('target');
  const stage = problem.path.slice(0, at);
  const pair = document.pairAt([...stage, 'target']);
  const text = targetFor(document, stage);
  const fixes = remove(document, { ...problem, path: [...stage, 'target'] });
  if (!pair || text === undefined) return fixes;
  return [{ title: l10n.t('Change to {0}', text), edits: [{ range: document.range(pair), newText: text }] }, ...fixes];
};

/** The usual target of a stage's learner. */
function targetFor(document: ConfigDocument, stage: ConfigProblem['path']): string | undefined {
  return /`(target: [^`]+)`/.exec(learners[learnerAt(document, stage)].exampleTarget)?.[1];
}

/** Moves a key into the map that it is part of, which may not be there yet. */
const move: Fixes = (document, problem) => {
  const { path, message } = problem;
  const home = /under `([^`]+)`/.exec(message)?.[1];
  const pair = document.pairAt(path);
  if (home === undefined || !pair) return remove(document, problem);
  const written = document.content.slice(pair.start, pair.end);
  if (written.includes('\n')) return remove(document, problem);
  const target = [...path.slice(0, -1), home];
  const edits = document.pairAt(target)
    ? [removePair(document, path), addPair(document, target, written)]
    : [{ range: document.range(pair), newText: `${home}: { ${written} }` }];
  return [{ title: l10n.t('Move to {0}', home), edits, preferred: true }, ...remove(document, problem)];
};

const writeTemplate: Fixes = (document) => {
  const text = 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n';
  const end = document.content.length;
  const newText = `${document.content === '' || document.content.endsWith('\n') ? '' : '\n'}${text}`;
  return [
    {
      title: l10n.t('Write a config to begin with'),
      edits: [{ range: document.range({ start: end, end }), newText }],
      preferred: true,
    },
  ];
};

const byCode: Partial<Record<DiagnosticCode, Fixes>> = {
  'empty-config': writeTemplate,
  'missing-key': add,
  'missing-target': addTarget,
  'target-not-for-learner': otherTarget,
  'misplaced-key': move,
  'unknown-key': remove,
  'inapplicable-key': remove,
  'conflicting-keys': remove,
  'option-of-other-learner': remove,
  'no-teacher': remove,
  'unknown-layer': remove,
  'overridden-layer': remove,
};
