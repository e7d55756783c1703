import type * as tfjs from '@tensorflow/tfjs-core';
import type { Pair, Padding } from '../../graph/node';

/** A tensor of the framework; it owns memory until it is disposed. Named apart from the graph's own plain tensors. */
export type Value = tfjs.Tensor;
export type Tfjs = typeof tfjs;

/** How a window moves; groups and dilations are taken care of above the kernels. */
export interface Sliding {
  readonly strides: Pair;
  readonly padding: Padding;
}

export interface Pooling extends Sliding {
  readonly size: Pair;
}

export interface BatchNormTraining {
  readonly value: Value;
  /** Of this batch, `[channels]`. The variance is the biased one, as a graph's running variance is. */
  readonly mean: Value;
  readonly variance: Value;
  /** What {@link Kernels.batchNormGradient} wants back. */
  readonly saved: readonly Value[];
}

/**
 * The kernels whose best form depends on the backend, gradients included; everything else is a stock tfjs op.
 * Images are `[n, h, w, c]`, filters as in the graph (HWIO). Every call gives new tensors and disposes of none.
 */
export interface Kernels {
  conv2d(x: Value, filter: Value, sliding: Sliding): Value;
  conv2dInputGradient(dy: Value, filter: Value, inputShape: readonly number[], sliding: Sliding): Value;
  conv2dFilterGradient(x: Value, dy: Value, filterShape: readonly number[], sliding: Sliding): Value;

  /** Strides are the same in both directions. */
  depthwiseConv2d(x: Value, filter: Value, sliding: Sliding): Value;
  depthwiseConv2dInputGradient(dy: Value, filter: Value, inputShape: readonly number[], sliding: Sliding): Value;
  depthwiseConv2dFilterGradient(x: Value, dy: Value, filterShape: readonly number[], sliding: Sliding): Value;

  biasAdd(x: Value, bias: Value): Value;
  /** Sum over everything but the channels. */
  channelSum(x: Value): Value;

  batchNorm(x: Value, gamma: Value, beta: Value, mean: Value, variance: Value, epsilon: number): Value;
  batchNormTraining(x: Value, gamma: Value, beta: Value, epsilon: number): BatchNormTraining;
  batchNormGradient(
    dy: Value,
    x: Value,
    gamma: Value,
    saved: readonly Value[],
    epsilon: number,
  ): { readonly x: Value; readonly gamma: Value; readonly beta: Value };

  /** `y` is the op's output. */
  reluGradient(dy: Value, y: Value): Value;
  relu6Gradient(dy: Value, y: Value): Value;
  /** `x` is the op's input. */
  leakyReluGradient(dy: Value, x: Value, alpha: number): Value;

  /** Padded cells never win. */
  maxPool(x: Value, pooling: Pooling): Value;
  /** All of a window's gradient goes to its (first) maximum. */
  maxPoolGradient(dy: Value, x: Value, y: Value, pooling: Pooling): Value;
  /** Without padding. */
  avgPool(x: Value, size: Pair, strides: Pair): Value;
  avgPoolGradient(dy: Value, inputShape: readonly number[], size: Pair, strides: Pair): Value;

  /**
   * Rounds to the grid of `2^bits` values over `[min, max]`, to the bit as `snap` of graph/fake-quant.ts does. `min` and
   * `max` are scalars.
   */
  fakeQuant(x: Value, min: Value, max: Value, bits: number): Value;
  /** `[n, channels]` rounded to the symmetric grid of each channel, as `snapToChannelGrid` does; where there is a kernel. */
  fakeQuantChannels?(x: Value, min: Value, max: Value, bits: number): Value;
  /** `dy` where x is within the grid's range, else 0. */
  fakeQuantGradient(dy: Value, x: Value, min: Value, max: Value, bits: number): Value;

  /** Zeros of `shape` with `dy` at `begin`, `begin + strides`, ... of each dimension. */
  stridedScatter(dy: Value, shape: readonly number[], begin: readonly number[], strides: readonly number[]): Value;
}

/** A framework that has been loaded and is ready. */
export interface Backend {
  readonly name: 'tfjs-node' | 'wasm';
  readonly version: string;
  readonly threads: number;
  readonly tf: Tfjs;
  readonly kernels: Kernels;
  /** Makes this the backend that tfjs ops run on, for a process may have loaded both. Call it before a pass. */
  activate(): void;
}
