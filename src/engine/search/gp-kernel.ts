import type { Space } from './space';

/** Squared distance between a value and none, at least: points without the dimension lie apart from all with it. */
const ABSENT = 0.75;

/**
 * Squared distances between points of a space, by dimension. Numeric dimensions count their unit coordinates; choices
 * lie 1 apart. A dimension that one of two points lacks counts as if the space had one more axis, on which the point without
 * it is away from all others, so that the distances stay those of points in a Euclidean space.
 */
export class PointDistances {
  private readonly isChoice: readonly boolean[];

  constructor(space: Space) {
    this.isChoice = space.dimensions.map(({ kind }) => kind === 'categorical');
  }

  get size(): number {
    return this.isChoice.length;
  }

  squared(a: Float64Array, b: Float64Array, d: number): number {
    const [x, y] = [a[d], b[d]];
    if (x === y) return 0;
    if (this.isChoice[d]) return Number.isNaN(x) && Number.isNaN(y) ? 0 : 1;
    if (Number.isNaN(x)) return Number.isNaN(y) ? 0 : ABSENT + (y - 0.5) ** 2;
    return Number.isNaN(y) ? ABSENT + (x - 0.5) ** 2 : (x - y) ** 2;
  }

  /** Weighted by each dimension's relevance. */
  weighted(a: Float64Array, b: Float64Array, weights: Float64Array): number {
    let sum = 0;
    for (let d = 0; d < this.isChoice.length; d++) sum += weights[d] * this.squared(a, b, d);
    return sum;
  }
}

/** Matern kernel of order 5/2 of a squared distance (Rasmussen & Williams 2006, eq. 4.17). */
export function matern(squared: number): number {
  const r = Math.sqrt(5 * squared);
  return (1 + r + (r * r) / 3) * Math.exp(-r);
}

/** Its derivative by the squared distance. */
export function maternSlope(squared: number): number {
  const r = Math.sqrt(5 * squared);
  return (-5 / 6) * (1 + r) * Math.exp(-r);
}
