import type { WeightSparseOptions } from '../../../config/learners/weight-sparse';
import type { Tensor } from '../../graph/node';

/**
 * Sparsity of each layer, [0, 1), such that all of them together have the target's.
 * @param most What no layer goes beyond, so that none dies.
 */
type Protocol = (weights: readonly Tensor[], target: number, most: number) => readonly number[];

/** By `options.protocol`. */
export const protocols: Readonly<Record<WeightSparseOptions['protocol'], Protocol>> = {
  uniform: (weights, target) => weights.map(() => target),
  // PocketFlow's: in proportion to the logarithm of the size. Its own went beyond 1 where sizes differ much.
  heuristic: (weights, target, most) =>
    atLevel(weights, target, (level) => weights.map(({ data }) => Math.min(level * Math.log1p(data.length), most))),
  erk: (weights, target, most) =>
    atLevel(weights, target, (level) =>
      // The level rises with the sparsity: its inverse scales the densities. Small layers stay whole (Evci et al. 2020).
      weights.map((weight) => Math.min(Math.max(1 - erdosRenyiDensity(weight) / level, 0), most)),
    ),
  lamp: (weights, target, most) => byScores(weights, target, most, lampScores),
  global: (weights, target, most) => byScores(weights, target, most, (magnitudes) => magnitudes),
};

/** `(n_in + n_out + kh + kw) / (n_in n_out kh kw)`, for dense layers without the kernel (Evci et al. 2020, section 3). */
function erdosRenyiDensity({ shape, data }: Tensor): number {
  return shape.reduce((sum, extent) => sum + extent, 0) / data.length;
}

const BISECTIONS = 60;

/** Sparsities that rise with a level, at the level that meets the target. */
function atLevel(
  weights: readonly Tensor[],
  target: number,
  at: (level: number) => readonly number[],
): readonly number[] {
  const total = weights.reduce((sum, { data }) => sum + data.length, 0);
  const reached = (level: number) =>
    at(level).reduce((sum, sparsity, i) => sum + sparsity * weights[i].data.length, 0) / total;
  let [low, high] = [1e-6, 1e6];
  for (let step = 0; step < BISECTIONS; step++) {
    const level = Math.sqrt(low * high);
    if (reached(level) < target) low = level;
    else high = level;
  }
  return at(high);
}

/** Removes the weights of lowest score in the whole model, where a score rises with the magnitude within a layer. */
function byScores(
  weights: readonly Tensor[],
  target: number,
  most: number,
  scoresOf: (ascending: Float64Array) => Float64Array,
): readonly number[] {
  const scores = weights.map(({ data }) => {
    const ascending = scoresOf(Float64Array.from(data, Math.abs).sort());
    // The last ones of a layer stay, however small they are.
    return ascending.fill(Infinity, Math.floor(most * data.length));
  });
  const all = new Float64Array(scores.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const layer of scores) {
    all.set(layer, offset);
    offset += layer.length;
  }
  const pruned = Math.round(target * all.length);
  const threshold = pruned > 0 ? all.sort()[pruned - 1] : -1;
  return scores.map((layer) => layer.filter((score) => score <= threshold).length / layer.length);
}

/** `w_i^2 / sum of w_j^2 over all j that are not smaller` (Lee et al. 2021, eq. 1), of magnitudes in ascending order. */
function lampScores(ascending: Float64Array): Float64Array {
  const scores = new Float64Array(ascending.length);
  let rest = 0;
  for (let i = ascending.length - 1; i >= 0; i--) {
    const square = ascending[i] ** 2;
    rest += square;
    scores[i] = rest > 0 ? square / rest : 0;
  }
  return scores;
}
