import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver-types';
import type { ConfigDocument } from './document';
import { walkPaths } from './paths';

/** Maps and lists that take several lines, and comments that do. */
export function foldingRanges(document: ConfigDocument): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  walkPaths(document.root, (_, node, pair) => {
    if (node.kind === 'scalar' || node.kind === 'alias') return;
    const startLine = document.position(pair?.start ?? node.start).line;
    const endLine = document.position(node.end).line;
    if (endLine > startLine && node !== document.root) ranges.push({ startLine, endLine });
  });
  return [...ranges, ...comments(document.content)];
}

function comments(text: string): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  let startLine: number | undefined;
  const lines = text.split('\n');
  lines.forEach((line, at) => {
    if (/^\s*#/.test(line)) {
      startLine ??= at;
      if (at < lines.length - 1) return;
      at++;
    }
    if (startLine !== undefined && at - 1 > startLine) {
      ranges.push({ startLine, endLine: at - 1, kind: FoldingRangeKind.Comment });
    }
    startLine = undefined;
  });
  return ranges;
}
