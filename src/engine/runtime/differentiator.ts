import type { Batch } from '../data/batch';
import type { Tensor } from '../graph/node';
import type { Parameters } from './executor';

/** 0 or `1 / (1 - rate)` for each value of a dropout node's output on this batch. */
export type DropoutMask = (node: string, rate: number, length: number) => Float32Array;

export interface ForwardState {
  readonly parameters: Parameters;
  readonly dropout: DropoutMask;
}

/**
 * Rounds a weight to the symmetric grids over `range`, one for all or one an output channel, to the bit as
 * `roundToGrids` does.
 */
export type WeightRounding = (weight: Tensor, range: Float32Array, bits: number) => Float32Array;

export interface Differentiated {
  /** Gradient of the loss by `node/param`, shapes as the parameters'. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** By batch norm node: mean and biased variance of this batch, per channel. */
  readonly statistics: ReadonlyMap<string, { readonly mean: Float32Array; readonly variance: Float32Array }>;
  /** By fake-quant node whose range is observed: smallest and largest value of this batch before rounding. */
  readonly ranges: ReadonlyMap<string, { readonly min: number; readonly max: number }>;
}

/**
 * What an executor has to know to train: one pass forward in training mode and one back. Loss, update rule, masks,
 * averages and state are {@link Trainer}'s and the same for every executor.
 */
export interface Differentiator {
  /**
   * @param lossGradient gets the logits `[batch.count, classes]` and gives the gradient of the loss by them; what it
   * throws ends the pass.
   */
  differentiate(
    batch: Batch,
    state: ForwardState,
    lossGradient: (logits: Float32Array) => Float32Array,
  ): Promise<Differentiated>;
  /** The executor's own kernel for weights on a grid, where it has one. */
  readonly roundWeight?: WeightRounding;
  dispose(): void;
}
