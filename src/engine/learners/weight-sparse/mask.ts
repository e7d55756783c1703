import type { Tensor } from '../../graph/node';
import { patternRanks, type Pattern } from './pattern';

/**
 * Mask that zeroes the weights of smallest magnitude: exactly `round(sparsity * n)` of them; of equals the first.
 * A weight that is zero already has the smallest magnitude there is, so growing sparsity keeps earlier zeros. With a
 * pattern those that it does not keep go first.
 */
export function magnitudeMask(weight: Tensor, sparsity: number, pattern?: Pattern): Tensor {
  const ranks = pattern ? patternRanks(weight, pattern) : weight.data.map(Math.abs);
  const pruned = Math.round(sparsity * ranks.length);
  const mask = new Float32Array(ranks.length).fill(1);
  if (pruned > 0) {
    const threshold = ranks.slice().sort()[pruned - 1];
    let ties = pruned;
    for (const rank of ranks) if (rank < threshold) ties--;
    ranks.forEach((rank, i) => {
      if (rank < threshold || (rank === threshold && ties-- > 0)) mask[i] = 0;
    });
  }
  return { shape: weight.shape, data: mask };
}

/** The weight with its masked entries set to zero. */
export function applyMask(weight: Tensor, mask: Tensor): Tensor {
  return { shape: weight.shape, data: weight.data.map((value, i) => value * mask.data[i]) };
}

/** Share of entries that are zero, [0, 1]. */
export function sparsityOf(weight: Tensor): number {
  let zeros = 0;
  for (const value of weight.data) if (value === 0) zeros++;
  return zeros / weight.data.length;
}
