import type { NonUniformOptions } from '../../../config/learners/non-uniform';
import { Random } from '../../graph/random';

export interface Clusters {
  /** Ascending; fewer than asked for where there are not so many different values. */
  readonly centres: Float64Array;
  /** Sum of squared distances to the nearest centre, before the first step and after each. Never rises. */
  readonly errors: readonly number[];
}

/**
 * Lloyd's k-means on numbers (Han et al. 2016, section 3.1). On sorted numbers each cluster is a run of neighbours, so that
 * a step costs a binary search a centre, whatever the number of values. A centre that no value is nearest to moves to the
 * value that is worst off.
 */
export function kMeans(
  values: Float32Array,
  count: number,
  { start, iterations }: Pick<NonUniformOptions, 'start' | 'iterations'>,
  seed: number,
): Clusters {
  const sorted = values.slice().sort();
  const different = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (different.length <= count) return { centres: Float64Array.from(different), errors: [0] };
  const sums = new Sums(sorted);
  let centres = starts[start](sorted, count, seed);
  let borders = bordersOf(sorted, centres);
  const errors = [errorOf(sums, centres, borders)];
  for (let step = 0; step < iterations; step++) {
    const moved = Float64Array.from(centres, (centre, k) =>
      borders[k + 1] > borders[k] ? sums.mean(borders[k], borders[k + 1]) : centre,
    );
    fillEmpty(sorted, moved, borders);
    moved.sort();
    const next = bordersOf(sorted, moved);
    const error = errorOf(sums, moved, next);
    const settled = next.every((border, k) => border === borders[k]) && moved.every((value, k) => value === centres[k]);
    [centres, borders] = [moved, next];
    errors.push(error);
    if (settled) break;
  }
  return { centres, errors };
}

/** Sums over runs of sorted values in constant time. */
class Sums {
  private readonly values: Float64Array;
  private readonly squares: Float64Array;

  constructor(sorted: Float32Array) {
    this.values = new Float64Array(sorted.length + 1);
    this.squares = new Float64Array(sorted.length + 1);
    for (let i = 0; i < sorted.length; i++) {
      this.values[i + 1] = this.values[i] + sorted[i];
      this.squares[i + 1] = this.squares[i] + sorted[i] ** 2;
    }
  }

  mean(begin: number, end: number): number {
    return (this.values[end] - this.values[begin]) / (end - begin);
  }

  /** Of squared distances to `centre`. */
  error(begin: number, end: number, centre: number): number {
    const [sum, squares] = [this.values[end] - this.values[begin], this.squares[end] - this.squares[begin]];
    return Math.max(0, squares - 2 * centre * sum + (end - begin) * centre ** 2);
  }
}

/** Cluster k is `[borders[k], borders[k + 1])` of the sorted values. */
function bordersOf(sorted: Float32Array, centres: Float64Array): Int32Array {
  const borders = new Int32Array(centres.length + 1);
  borders[centres.length] = sorted.length;
  for (let k = 1; k < centres.length; k++) borders[k] = lowerBound(sorted, (centres[k - 1] + centres[k]) / 2);
  return borders;
}

function lowerBound(sorted: Float32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function errorOf(sums: Sums, centres: Float64Array, borders: Int32Array): number {
  return centres.reduce((error, centre, k) => error + sums.error(borders[k], borders[k + 1], centre), 0);
}

/** Of a run of sorted values one of the ends is farthest from its centre. */
function fillEmpty(sorted: Float32Array, centres: Float64Array, borders: Int32Array): void {
  const ends: { value: number; distance: number }[] = [];
  for (let k = 0; k < centres.length; k++) {
    if (borders[k + 1] === borders[k]) continue;
    for (const at of [borders[k], borders[k + 1] - 1]) {
      ends.push({ value: sorted[at], distance: Math.abs(sorted[at] - centres[k]) });
    }
  }
  ends.sort((a, b) => a.distance - b.distance);
  for (let k = 0; k < centres.length; k++) {
    if (borders[k + 1] === borders[k]) centres[k] = ends.pop()?.value ?? centres[k];
  }
}

const starts: Readonly<
  Record<NonUniformOptions['start'], (sorted: Float32Array, count: number, seed: number) => Float64Array>
> = {
  quantile: (sorted, count) =>
    Float64Array.from({ length: count }, (_, k) => sorted[Math.floor(((k + 0.5) / count) * sorted.length)]),
  uniform: (sorted, count) => evenly(sorted, count, (k) => (k + 0.5) / count),
  linear: (sorted, count) => evenly(sorted, count, (k) => k / (count - 1)),
  'kmeans++': farApart,
};

function evenly(sorted: Float32Array, count: number, share: (k: number) => number): Float64Array {
  const [min, max] = [sorted[0], sorted[sorted.length - 1]];
  return Float64Array.from({ length: count }, (_, k) => min + share(k) * (max - min));
}

/** Draws each centre with a chance that grows with the squared distance to those there are (Arthur & Vassilvitskii 2007). */
function farApart(sorted: Float32Array, count: number, seed: number): Float64Array {
  const random = new Random(seed);
  const centres = Float64Array.of(sorted[random.int(sorted.length)], ...new Float64Array(count - 1));
  const distances = new Float64Array(sorted.length).fill(Infinity);
  for (let k = 1; k < count; k++) {
    let sum = 0;
    for (let i = 0; i < sorted.length; i++) {
      distances[i] = Math.min(distances[i], (sorted[i] - centres[k - 1]) ** 2);
      sum += distances[i];
    }
    let left = random.uniform() * sum;
    let drawn = 0;
    // Rounding may leave a rest at the end: then it is the last value that is no centre yet.
    for (let i = 0; i < sorted.length && left >= 0; i++) {
      if (distances[i] === 0) continue;
      drawn = i;
      left -= distances[i];
    }
    centres[k] = sorted[drawn];
  }
  return centres.sort();
}
