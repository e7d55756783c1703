import type { WeightSparseOptions } from '../../../config/learners/weight-sparse';
import type { Node, Tensor } from '../../graph/node';

/** `keep` weights of each `group` of neighbouring input channels. */
export interface Pattern {
  readonly keep: number;
  readonly group: number;
}

export function parsePattern(pattern: WeightSparseOptions['pattern']): Pattern | undefined {
  if (pattern === 'none') return undefined;
  const [keep, group] = pattern.split(':').map(Number);
  return { keep, group };
}

/** Whether a layer's weight divides into groups: each output of it reads a multiple of them. */
export function fits(node: Node, { group }: Pattern): boolean {
  if (node.kind !== 'conv2d' && node.kind !== 'dense') return false;
  const { shape } = node.params.weight;
  return shape[shape.length - 2] % group === 0;
}

/**
 * Magnitudes of a weight with all that the pattern keeps lifted above all that it does not: the smallest are then those
 * to prune, as far as the sparsity goes. Groups lie along the last dimension but one, of HWIO and of dense weights.
 */
export function patternRanks(weight: Tensor, { keep, group }: Pattern): Float32Array {
  const { shape, data } = weight;
  const outputs = shape[shape.length - 1];
  const ranks = data.map(Math.abs);
  const lift = ranks.reduce((most, value) => Math.max(most, value), 0) + 1;
  for (let row = 0; row < data.length / outputs; row += group) {
    for (let output = 0; output < outputs; output++) {
      const members = Array.from({ length: group }, (_, i) => (row + i) * outputs + output);
      members.sort((a, b) => ranks[b] - ranks[a]);
      for (const member of members.slice(0, keep)) ranks[member] += lift;
    }
  }
  return ranks;
}
