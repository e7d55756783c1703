import { bucketOf } from './buckets';
import { snapToChannelGrid, symmetricGrid, type Grid } from './fake-quant';
import type { WeightNode } from './node';

/** For each bucket the grid that a uniformly quantized weight is on. */
export function weightGrids(range: ArrayLike<number>, bits: number): readonly Grid[] {
  return Array.from({ length: range.length }, (_, bucket) => symmetricGrid(range[bucket], bits));
}

/** Values rounded to the grids of their buckets; `out` may be `values`. */
export function roundToGrids(
  values: Float32Array,
  grids: readonly Grid[],
  bucket: (position: number) => number,
  out: Float32Array = new Float32Array(values.length),
): Float32Array {
  for (let i = 0; i < values.length; i++) out[i] = snapToChannelGrid(values[i], grids[bucket(i)]);
  return out;
}

/** Each bucket's largest magnitude, `[buckets]`: the range in which nothing is cut off. */
export function largestMagnitudes(
  values: Float32Array,
  buckets: number,
  bucket: (position: number) => number,
  out: Float32Array = new Float32Array(buckets),
): Float32Array {
  out.fill(0);
  for (let i = 0; i < values.length; i++) {
    const magnitude = Math.abs(values[i]);
    if (magnitude > out[bucket(i)]) out[bucket(i)] = magnitude;
  }
  return out;
}

/** The layer with its weight at the nearest allowed values. */
export function withQuantizedWeight<N extends WeightNode>(node: N): N {
  const { quantization, params } = node;
  if (!quantization) return node;
  const bucket = bucketOf(node, quantization.buckets);
  if (!params.range) return node;
  const { data, shape } = params.weight;
  const weight = { shape, data: roundToGrids(data, weightGrids(params.range.data, quantization.bits), bucket) };
  return { ...node, params: { ...params, weight } };
}
