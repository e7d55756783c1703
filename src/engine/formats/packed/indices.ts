import { bucketOf } from '../../graph/buckets';
import { integerOf, type Grid } from '../../graph/fake-quant';
import type { Tensor, WeightNode } from '../../graph/node';
import { lookUp, nearestEntries, weightGrids } from '../../graph/weight-quantization';

/** For each weight of a quantized layer which of its bucket's values it has, from 0; undefined for other layers. */
export function indicesOf(node: WeightNode): Uint8Array | undefined {
  const { quantization, params } = node;
  if (!quantization) return undefined;
  const bucket = bucketOf(node, quantization.buckets);
  const { data } = params.weight;
  if (quantization.kind === 'codebook') return params.codebook && nearestEntries(data, params.codebook, bucket);
  if (!params.range) return undefined;
  const grids = weightGrids(params.range.data, quantization.bits);
  return Uint8Array.from(data, (value, i) => {
    const grid = grids[bucket(i)];
    return integerOf(value, grid) - grid.lowest;
  });
}

/** The weight that indices stand for, to the bit as it was. */
export function weightOf(node: WeightNode, indices: Uint8Array): Tensor {
  const { quantization, params } = node;
  const { shape } = params.weight;
  if (!quantization) throw new Error(`the layer "${node.name}" is not quantized`);
  const bucket = bucketOf(node, quantization.buckets);
  if (quantization.kind === 'codebook') {
    if (!params.codebook) throw new Error(`the layer "${node.name}" has no codebook`);
    return { shape, data: lookUp(indices, params.codebook, bucket) };
  }
  const grids = weightGrids(params.range?.data ?? [], quantization.bits);
  return { shape, data: Float32Array.from(indices, (index, i) => valueOf(index, grids[bucket(i)])) };
}

function valueOf(index: number, { scale, zeroPoint, lowest }: Grid): number {
  return Math.fround((index + lowest - zeroPoint) * scale);
}
