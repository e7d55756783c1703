import type { TrialCost } from './trial';

export type CostKey = keyof TrialCost;
export const costKeys = ['flops', 'params', 'bytes', 'sparsity', 'bits', 'latencyMs'] as const satisfies CostKey[];

/** Where more of it is better. */
const growing: ReadonlySet<CostKey> = new Set(['sparsity']);

interface Rated {
  readonly accuracy?: number | undefined;
  readonly cost: TrialCost;
}

/** Those that no other beats in accuracy and cost at once, the cheapest first. */
export function paretoFront<T extends Rated>(trials: readonly T[], key: CostKey): T[] {
  const sign = growing.has(key) ? -1 : 1;
  const rated = trials
    .flatMap((trial) => {
      const cost = trial.cost[key];
      return cost === undefined || trial.accuracy === undefined
        ? []
        : [{ trial, cost: sign * cost, accuracy: trial.accuracy }];
    })
    .sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy);
  let best = -Infinity;
  return rated.flatMap(({ trial, accuracy }) => {
    if (accuracy <= best) return [];
    best = accuracy;
    return [trial];
  });
}
