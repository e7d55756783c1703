import { setImmediate } from 'node:timers/promises';
import { bucketOf, outputChannels } from '../../graph/buckets';
import { snapToChannelGrid } from '../../graph/fake-quant';
import { withParameters, type Graph } from '../../graph/graph';
import { hasWeight, type Tensor, type WeightNode } from '../../graph/node';
import { weightGrids } from '../../graph/weight-quantization';
import { roundAdaptively } from './adaptive-rounding';
import type { InputGroup } from './input-moments';

export interface Refinement {
  /** Round so that each layer's output changes least, in place of its weights. */
  readonly adaptive: boolean;
  /** Make up in the biases for what rounding does to the mean of each output. */
  readonly biases: boolean;
}

/**
 * Improves rounded weights by what their layers read. Biases take up the change of the mean of each output (bias
 * correction, Nagel et al. 2019, section 4.2): `b + E[x]' (w - q)`.
 * @param before The weights before rounding.
 * @param rounded The same graph with quantized layers.
 * @returns with the relative squared error of each layer's output, where its inputs' covariance is known.
 */
export async function refineRounding(
  before: Graph,
  rounded: Graph,
  moments: ReadonlyMap<string, readonly InputGroup[]>,
  { adaptive, biases }: Refinement,
  signal: AbortSignal,
): Promise<{ readonly graph: Graph; readonly errors: ReadonlyMap<string, number> }> {
  const originals = new Map(before.nodes.filter(hasWeight).map((node) => [node.name, node]));
  const values = new Map<string, Tensor>();
  const errors = new Map<string, number>();
  for (const node of rounded.nodes.filter(hasWeight)) {
    const [original, groups] = [originals.get(node.name), moments.get(node.name)];
    if (!original || !groups || !node.quantization) continue;
    const channels = outputChannels(node);
    const { shape } = node.params.weight;
    const data = node.params.weight.data.slice();
    const bias = node.params.bias?.data.slice();
    const nearest = allowedValues(node);
    let [error, energy] = [0, 0];
    for (const { mean, covariance, outputs } of groups) {
      for (const o of outputs) {
        const column = (of: Float32Array) => Float64Array.from(mean, (_, row) => of[row * channels + o]);
        const wanted = column(original.params.weight.data);
        let got: Float64Array = column(data);
        if (adaptive && covariance) {
          got = roundAdaptively(wanted, got, covariance, (value, row) => nearest(value, row * channels + o));
          got.forEach((value, row) => (data[row * channels + o] = value));
        }
        if (bias && biases) bias[o] += mean.reduce((sum, each, row) => sum + each * (wanted[row] - got[row]), 0);
        if (!covariance) continue;
        error += quadratic(
          covariance,
          wanted.map((value, row) => value - got[row]),
        );
        energy += quadratic(covariance, wanted);
      }
      await setImmediate();
      signal.throwIfAborted();
    }
    values.set(`${node.name}/weight`, { shape, data });
    if (bias) values.set(`${node.name}/bias`, { shape: [channels], data: bias });
    if (energy > 0) errors.set(node.name, error / energy);
  }
  return { graph: withParameters(rounded, values), errors };
}

/** Gives the nearest value that the weight at a position may have. */
function allowedValues(node: WeightNode): (value: number, position: number) => number {
  const { quantization, params } = node;
  const bucket = quantization && bucketOf(node, quantization.buckets);
  if (quantization?.kind === 'uniform' && params.range && bucket) {
    const grids = weightGrids(params.range.data, quantization.bits);
    return (value, position) => snapToChannelGrid(value, grids[bucket(position)]);
  }
  const { codebook } = params;
  if (!codebook || !bucket) return (value) => value;
  const [, entries] = codebook.shape;
  return (value, position) => {
    const first = bucket(position) * entries;
    let best = codebook.data[first];
    for (let k = 1; k < entries; k++) {
      const entry = codebook.data[first + k];
      if (Math.abs(entry - value) < Math.abs(best - value)) best = entry;
    }
    return best;
  };
}

/** `x' A x` with A `[size, size]`. */
function quadratic(a: Float64Array, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    if (x[i] === 0) continue;
    let dot = 0;
    for (let j = 0; j < x.length; j++) dot += a[i * x.length + j] * x[j];
    sum += x[i] * dot;
  }
  return sum;
}
