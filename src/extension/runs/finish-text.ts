import type { RunState } from '../../runs/snapshot';

/** Keeps a figure and its unit on one line. */
const NBSP = '\u00a0';

/** What a compression came to, in one sentence. */
export function finishText({ before, after }: Pick<RunState, 'before' | 'after'>): string {
  if (!before || !after) return 'The compression has finished.';
  const kept = [
    `${percent(after.flops / before.flops)} of the FLOPs`,
    ...(before.bytes && after.bytes ? [`${percent(after.bytes / before.bytes)} of the file`] : []),
  ];
  const accuracy =
    before.accuracy === undefined || after.accuracy === undefined
      ? ''
      : `, accuracy ${before.accuracy.toFixed(2)}${NBSP}% → ${after.accuracy.toFixed(2)}${NBSP}%`;
  return `The compressed model has ${kept.join(' and ')} of the original${accuracy}.`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)}${NBSP}%`;
}
