import type { Tensor } from '../node';

/** The tensor with only the given indices of one dimension, in their order. */
export function take(tensor: Tensor, dimension: number, indices: readonly number[]): Tensor {
  const { shape, data } = tensor;
  const extent = shape[dimension];
  if (indices.length === extent && indices.every((index, i) => index === i)) return tensor;
  const inner = shape.slice(dimension + 1).reduce((product, n) => product * n, 1);
  const outer = data.length / (inner * extent);
  const taken = new Float32Array(outer * indices.length * inner);
  let write = 0;
  for (let o = 0; o < outer; o++) {
    for (const index of indices) {
      const start = (o * extent + index) * inner;
      // Output channels are the last dimension: single values, for which a view each would cost more than the copy.
      if (inner === 1) taken[write] = data[start];
      else taken.set(data.subarray(start, start + inner), write);
      write += inner;
    }
  }
  return { shape: shape.map((n, d) => (d === dimension ? indices.length : n)), data: taken };
}
