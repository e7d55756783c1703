import type { TrialView } from '../../src/protocol/webview-search';
import { costKeys, paretoFront, type CostKey } from '../../src/runs/trial-front';

/** The trials that the page has got. */
export class Trials {
  private byNumber = new Map<number, TrialView>();

  /** In the order of their numbers. */
  get all(): readonly TrialView[] {
    return [...this.byNumber.values()];
  }

  get(number: number): TrialView | undefined {
    return this.byNumber.get(number);
  }

  take(trials: readonly TrialView[], fresh: boolean): void {
    if (fresh) this.byNumber = new Map();
    for (const trial of trials) this.byNumber.set(trial.trial, trial);
  }
}

/** What is worked out of all trials, once for each time that they change. */
export interface Digest {
  readonly all: readonly TrialView[];
  readonly running: readonly TrialView[];
  readonly ended: number;
  /** With the highest reward. */
  readonly best: TrialView | undefined;
  /** Costs that the trials were measured in. */
  readonly costs: readonly CostKey[];
  readonly front: readonly TrialView[];
}

/** @param cost In which the front is asked for; the first that there is, if it was not measured. */
export function digest(all: readonly TrialView[], cost: CostKey): Digest {
  const complete = all.filter(({ state }) => state === 'complete');
  const costs = costKeys.filter((key) => complete.some((trial) => trial.cost[key] !== undefined));
  const key = costs.includes(cost) ? cost : (costs[0] ?? cost);
  return {
    all,
    running: all.filter(({ state }) => state === 'running'),
    ended: all.filter(({ state }) => state !== 'running').length,
    best: complete.reduce<TrialView | undefined>(
      (best, trial) => ((trial.reward ?? -Infinity) > (best?.reward ?? -Infinity) ? trial : best),
      undefined,
    ),
    costs,
    front: paretoFront(complete, key),
  };
}

export type TrialSort = 'trial' | 'reward' | 'accuracy' | 'cost';

/** Trials whose origin or state holds every word; `front` stands for those on the front. */
export function chosenTrials(
  { all, front }: Digest,
  filter: string,
  { key, descending }: { readonly key: TrialSort; readonly descending: boolean },
  cost: CostKey,
): readonly TrialView[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const onFront = new Set(front);
  const found = all.filter((trial) =>
    words.every((word) =>
      word === 'front' ? onFront.has(trial) : `${trial.origin} ${trial.state} #${trial.trial}`.includes(word),
    ),
  );
  const value = (trial: TrialView): number | undefined =>
    key === 'cost' ? trial.cost[cost] : key === 'trial' ? trial.trial : trial[key];
  const sign = descending ? -1 : 1;
  // What was not measured comes last, whichever way.
  return found.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
    return sign * (x - y);
  });
}
