/** A trial by what it is good for, higher is better, and what it costs. */
export interface Scored {
  readonly trial: number;
  readonly accuracy: number;
  readonly cost: number;
}

/** Trials that no other is better than in one of accuracy and cost without being worse in the other; cheapest first. */
export function paretoFront(trials: readonly Scored[]): number[] {
  const order = [...trials].sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy || a.trial - b.trial);
  let highest = -Infinity;
  return order.flatMap(({ trial, accuracy }) => {
    if (accuracy <= highest) return [];
    highest = accuracy;
    return [trial];
  });
}
