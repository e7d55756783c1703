import { diagnosticCodes, type DiagnosticCode, type Severity } from './diagnostic-codes';

/** Place of a value in the config, e.g. `['stages', 0, 'target']`. */
export type ConfigPath = readonly (string | number)[];

export interface SourcePosition {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units. */
  readonly column: number;
  /** 0-based, in UTF-16 code units from the start of the text. */
  readonly offset: number;
}

export interface SourceRange {
  readonly start: SourcePosition;
  /** Exclusive. */
  readonly end: SourcePosition;
}

/** Something wrong with the config, before it is known where in the text. */
export interface Finding {
  readonly path: ConfigPath;
  /** Whether it concerns the last key of the path, or what stands behind it. */
  readonly at: 'key' | 'value';
  readonly code: DiagnosticCode;
  /** What is wrong and what would be right; code in backquotes. */
  readonly message: string;
  /** Text that would be right in place of the range. */
  readonly replacement?: string;
}

export interface ConfigProblem extends Finding {
  readonly severity: Severity;
  readonly range: SourceRange;
}

/** The finding with its place in the text. */
export function problemAt(finding: Finding, range: SourceRange): ConfigProblem {
  return { ...finding, severity: diagnosticCodes[finding.code].severity, range };
}

/** Whether any of `problems` keeps the config from running. */
export function hasErrors(problems: readonly ConfigProblem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

/** A config that can't be used, with every problem found in it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    readonly file: string,
    readonly text: string,
    readonly problems: readonly ConfigProblem[],
  ) {
    super(problems.map((problem) => formatProblem(file, text, problem)).join('\n\n'));
  }
}

/**
 * The problem for a terminal: place and message, then the line it is on with the place underlined.
 *
 *     lenet.pocketflow.yaml:3:18: `flops` must be between 0 and 1, not 50: for 50 % write 0.5
 *       3 | target: { flops: 50 }
 *         |                  ^^
 */
export function formatProblem(file: string, text: string, { message, range }: ConfigProblem): string {
  const { start, end } = range;
  const head = `${file}:${start.line}:${start.column}: ${message}`;
  const line = text.split(/\r?\n/)[start.line - 1];
  if (line === undefined || line.trim() === '') return head;
  const gutter = String(start.line);
  const until = end.line === start.line ? end.column : line.length + 1;
  const marks = '^'.repeat(Math.max(1, until - start.column));
  const indent = line.slice(0, start.column - 1).replace(/[^\t]/g, ' ');
  return `${head}\n  ${gutter} | ${line}\n  ${' '.repeat(gutter.length)} | ${indent}${marks}`;
}
