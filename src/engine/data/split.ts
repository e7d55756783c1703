import type { Random } from '../graph/random';

/**
 * Takes `count` of `samples` such that each class has the share of them that it has of all (largest remainder), at
 * random within a class.
 * @param labels class of each sample of the data set.
 * @returns the taken and the other samples, both in their original order. They never overlap.
 */
export function takeStratified(
  samples: Uint32Array,
  labels: Int32Array,
  count: number,
  random: Random,
): { taken: Uint32Array; rest: Uint32Array } {
  const byClass = new Map<number, number[]>();
  for (const sample of samples) {
    const members = byClass.get(labels[sample]);
    if (members) members.push(sample);
    else byClass.set(labels[sample], [sample]);
  }
  const classes = [...byClass.keys()].sort((a, b) => a - b);
  const quotas = shares(
    classes.map((label) => byClass.get(label)!.length),
    count,
  );
  const taken = new Set<number>();
  classes.forEach((label, i) => {
    const members = random.shuffle(byClass.get(label)!);
    for (const sample of members.slice(0, quotas[i])) taken.add(sample);
  });
  return {
    taken: samples.filter((sample) => taken.has(sample)),
    rest: samples.filter((sample) => !taken.has(sample)),
  };
}

/** `count` divided in proportion to `sizes`, in whole numbers that add up. */
function shares(sizes: readonly number[], count: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size * count) / total);
  const quotas = exact.map(Math.floor);
  const missing = count - quotas.reduce((sum, quota) => sum + quota, 0);
  const byRemainder = [...exact.keys()].sort((a, b) => exact[b] - quotas[b] - (exact[a] - quotas[a]) || a - b);
  for (const i of byRemainder.slice(0, missing)) quotas[i]++;
  return quotas;
}

/** A setting that is a count when it is 1 or more, else a share of `total`; a share is at least one sample. */
export function countOf(setting: number, total: number): number {
  return setting >= 1 ? setting : Math.max(1, Math.round(setting * total));
}
