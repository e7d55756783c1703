import { bucketOf } from './buckets';
import { snapToChannelGrid, symmetricGrid, type Grid } from './fake-quant';
import type { Tensor, WeightNode } from './node';

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

/**
 * Index of the nearest entry of each weight's codebook (`[buckets, entries]`, each row ascending); what is halfway goes to
 * the larger one.
 */
export function nearestEntries(
  values: Float32Array,
  codebook: Tensor,
  bucket: (position: number) => number,
): Uint8Array {
  const [, entries] = codebook.shape;
  const { data } = codebook;
  const indices = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const first = bucket(i) * entries;
    let [low, high] = [0, entries - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[i] >= (data[first + middle] + data[first + middle + 1]) / 2) low = middle + 1;
      else high = middle;
    }
    indices[i] = low;
  }
  return indices;
}

/** The weights that indices stand for. */
export function lookUp(indices: Uint8Array, codebook: Tensor, bucket: (position: number) => number): Float32Array {
  const [, entries] = codebook.shape;
  return Float32Array.from(indices, (index, i) => codebook.data[bucket(i) * entries + index]);
}

/** The layer with its weight at the nearest allowed values. */
export function withQuantizedWeight<N extends WeightNode>(node: N): N {
  const { quantization, params } = node;
  if (!quantization) return node;
  const bucket = bucketOf(node, quantization.buckets);
  const { data, shape } = params.weight;
  const quantized =
    quantization.kind === 'uniform'
      ? params.range && roundToGrids(data, weightGrids(params.range.data, quantization.bits), bucket)
      : params.codebook && lookUp(nearestEntries(data, params.codebook, bucket), params.codebook, bucket);
  return quantized ? { ...node, params: { ...params, weight: { shape, data: quantized } } } : node;
}
