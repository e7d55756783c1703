import { Range } from 'vscode';
import type { SourceRange } from '../../config/problem';

/** The editor counts from 0. */
export function toRange({ start, end }: SourceRange): Range {
  return new Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}
