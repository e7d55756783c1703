import { size } from '../../graph/shape';
import type { WeightNode } from '../../graph/node';

/**
 * Rules of thumb for sharing a sparsity out among layers, as sparsities in the order of `nodes`; all of them leave about the
 * share `density` of all weights.
 */
export function sparsitySeeds(nodes: readonly WeightNode[], density: number): ReadonlyMap<string, readonly number[]> {
  return new Map([
    ['uniform', nodes.map(() => 1 - density)],
    ['erk', erk(nodes, density)],
    ['global magnitude', byScore(nodes, density, (sorted) => sorted)],
    ['lamp', byScore(nodes, density, lampScores)],
  ]);
}

/** Erdos-Renyi kernel (Evci et al. 2020): density in proportion to (sum of dimensions) / (their product), 1 at most. */
function erk(nodes: readonly WeightNode[], density: number): number[] {
  const counts = nodes.map((node) => size(node.params.weight.shape));
  const raw = nodes.map(({ params }, i) => params.weight.shape.reduce((sum, length) => sum + length, 0) / counts[i]);
  const wanted = density * counts.reduce((sum, count) => sum + count, 0);
  const dense = new Set<number>();
  for (;;) {
    const rest = raw.flatMap((share, i) => (dense.has(i) ? [] : [share * counts[i]]));
    const taken = [...dense].reduce((sum, i) => sum + counts[i], 0);
    const scale = Math.max(0, wanted - taken) / (rest.reduce((sum, part) => sum + part, 0) || 1);
    const over = raw.findIndex((share, i) => !dense.has(i) && share * scale > 1);
    if (over < 0) return raw.map((share, i) => (dense.has(i) ? 0 : 1 - share * scale));
    dense.add(over);
  }
}

/** One threshold over all layers, on a score of each weight. */
function byScore(
  nodes: readonly WeightNode[],
  density: number,
  score: (ascending: Float32Array) => Float32Array,
): number[] {
  const scores = nodes.map(({ params }) => score(params.weight.data.map(Math.abs).sort()));
  const all = new Float32Array(scores.reduce((sum, own) => sum + own.length, 0));
  let at = 0;
  for (const own of scores) {
    all.set(own, at);
    at += own.length;
  }
  const threshold = all.sort()[Math.min(all.length - 1, Math.round((1 - density) * all.length))];
  return scores.map((own) => own.reduce((count, value) => count + (value < threshold ? 1 : 0), 0) / own.length);
}

/** LAMP (Lee et al. 2021): a weight's square over those of the weights of its layer that are not smaller. */
function lampScores(ascending: Float32Array): Float32Array {
  const result = new Float32Array(ascending.length);
  let sum = 0;
  for (let i = ascending.length - 1; i >= 0; i--) {
    sum += ascending[i] ** 2;
    result[i] = sum > 0 ? ascending[i] ** 2 / sum : 0;
  }
  return result;
}
