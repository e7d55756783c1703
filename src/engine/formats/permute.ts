import type { Tensor } from '../graph/node';

/** Reorders dimensions: dimension d of the result is dimension `order[d]` of the tensor. */
export function permute({ shape, data }: Tensor, order: readonly number[]): Tensor {
  const extents = order.map((d) => shape[d]);
  const strides = shape.map((_, d) => shape.slice(d + 1).reduce((product, n) => product * n, 1));
  const steps = order.map((d) => strides[d]);
  const result = new Float32Array(data.length);
  const at = new Array<number>(order.length).fill(0);
  let from = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = data[from];
    for (let d = order.length - 1; d >= 0; d--) {
      from += steps[d];
      if (++at[d] < extents[d]) break;
      from -= steps[d] * extents[d];
      at[d] = 0;
    }
  }
  return { shape: extents, data: result };
}
