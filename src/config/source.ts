import {
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLError,
} from 'yaml';
import type { DiagnosticCode } from './diagnostic-codes';
import { problemAt, type ConfigPath, type ConfigProblem, type SourcePosition, type SourceRange } from './problem';

/** A config's text, parsed as YAML and nothing more. */
export interface ConfigSource {
  /** What the YAML says, as plain values; undefined when it can't be read at all. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** Where `path` stands in the text; for a path that isn't there, the nearest thing above it. */
  locate(path: ConfigPath, at?: 'key' | 'value'): SourceRange;
}

/** Characters: far above any real config; below what would make an editor wait, whatever they are. */
const MAX_LENGTH = 200_000;
const MAX_LINE = 10_000;

/** Whether a text is so long, or has so long a line, that it can't be a config. */
export function isTooLarge(text: string): boolean {
  if (text.length > MAX_LENGTH) return true;
  if (text.length <= MAX_LINE) return false;
  return text.split('\n').some((line) => line.length > MAX_LINE);
}
/** Aliases of aliases grow without bound ("billion laughs"). */
const MAX_ALIASES = 100;

const plainWords: Partial<Record<YAMLError['code'], string>> = {
  TAB_AS_INDENT: 'a tab: YAML indents with spaces only',
  DUPLICATE_KEY: 'this key is there already, further up: keep one of the two',
  MULTIPLE_DOCS: 'a second document begins here: a config is one document, remove this `---` and what belongs to it',
  BAD_INDENT: 'this line is indented too little, or the bracket before it is not closed',
  BLOCK_AS_IMPLICIT_KEY: 'a second `:` on one line: put nested keys on lines of their own, or in `{ }`',
};

/** Codes of YAML's errors that are more than a slip of the syntax. */
const codes: Partial<Record<YAMLError['code'], DiagnosticCode>> = {
  DUPLICATE_KEY: 'duplicate-key',
  BAD_ALIAS: 'unresolved-alias',
};

export function readSource(text: string): ConfigSource {
  const lines = new LineCounter();
  const position = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1), offset };
  };
  const range = (start: number, end: number): SourceRange => {
    const trimmed = text.slice(start, end).trimEnd().length;
    return { start: position(start), end: position(start + Math.max(trimmed, Math.min(1, text.length - start))) };
  };
  const problem = (code: DiagnosticCode, message: string, at = range(0, 0)): ConfigProblem =>
    problemAt({ path: [], at: 'value', code, message }, at);
  const broken = (code: DiagnosticCode, message: string): ConfigSource => ({
    value: undefined,
    problems: [problem(code, message)],
    locate: () => range(0, 0),
  });

  if (isTooLarge(text)) return broken('file-too-large', 'this file is far too large for a config');
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  } catch (error) {
    // Nesting that is too deep for the parser's recursion.
    return broken(
      'yaml-syntax',
      `this is not YAML that can be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const problems = document.errors.map(({ code, message, pos: [start, end] }) =>
    problem(codes[code] ?? 'yaml-syntax', plainWords[code] ?? firstLower(message), range(start, end)),
  );
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const reason = error instanceof Error ? firstLower(error.message) : String(error);
    problems.push(problem('unresolved-alias', `aliases that can't be resolved: ${reason}`));
  }
  return {
    value,
    problems,
    locate: (path, at = 'value') => {
      const [start, end] = findRange(document, text, path, at) ?? firstContent(text);
      return range(start, end);
    },
  };
}

type Extent = readonly [start: number, end: number];

function findRange(document: Document.Parsed, text: string, path: ConfigPath, at: 'key' | 'value'): Extent | undefined {
  let node: unknown = document.contents;
  let found: { key?: Extent; value?: Extent } = {};
  for (const segment of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
      if (!pair) return found.key ?? found.value;
      found = { key: extent(pair.key, text), value: extent(pair.value, text) };
      node = pair.value;
    } else if (isSeq(node) && typeof segment === 'number' && segment < node.items.length) {
      node = node.items[segment];
      found = { value: extent(node, text) };
    } else {
      return found.key ?? found.value;
    }
  }
  return at === 'key' ? (found.key ?? found.value) : (found.value ?? found.key);
}

function extent(node: unknown, text: string): Extent | undefined {
  if (!isScalar(node) && !isCollection(node) && !isAlias(node)) return undefined;
  const range = node.range;
  // An empty value has no characters to point at, save the carriage return of its line.
  return range && text.slice(range[0], range[1]).trim() !== '' ? [range[0], range[1]] : undefined;
}

function firstContent(text: string): Extent {
  const start = Math.max(0, text.search(/^[^\s#]/m));
  const newline = text.indexOf('\n', start);
  return [start, newline < 0 ? text.length : newline];
}

function firstLower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
