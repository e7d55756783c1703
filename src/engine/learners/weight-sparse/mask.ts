import type { Tensor } from '../../graph/node';

/**
 * Mask that zeroes the weights of smallest magnitude: exactly `round(sparsity * n)` of them; of equals the first.
 * A weight that is zero already has the smallest magnitude there is, so growing sparsity keeps earlier zeros.
 */
export function magnitudeMask(weight: Tensor, sparsity: number): Tensor {
  const { data } = weight;
  const pruned = Math.round(sparsity * data.length);
  const mask = new Float32Array(data.length).fill(1);
  if (pruned > 0) {
    const threshold = data.map(Math.abs).sort()[pruned - 1];
    let ties = pruned;
    for (const value of data) if (Math.abs(value) < threshold) ties--;
    for (let i = 0; i < data.length; i++) {
      const magnitude = Math.abs(data[i]);
      if (magnitude < threshold || (magnitude === threshold && ties-- > 0)) mask[i] = 0;
    }
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
