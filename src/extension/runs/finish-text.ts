import type { RunState } from '../../runs/snapshot';

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
      : `, accuracy ${before.accuracy.toFixed(2)} % → ${after.accuracy.toFixed(2)} %`;
  return `The compressed model has ${kept.join(' and ')} of the original${accuracy}.`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
