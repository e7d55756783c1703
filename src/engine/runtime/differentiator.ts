import type { Batch } from '../data/batch';
import type { Parameters } from './executor';

/** 0 or `1 / (1 - rate)` for each value of a dropout node's output on this batch. */
export type DropoutMask = (node: string, rate: number, length: number) => Float32Array;

export interface ForwardState {
  readonly parameters: Parameters;
  readonly dropout: DropoutMask;
}

/** What the loss depends on: the model's output, and those of the nodes that have losses of their own. */
export interface LossInputs {
  /** `[batch.count, classes]`. */
  readonly logits: Float32Array;
  /** By node, `[batch.count, ...shape]`. */
  readonly nodes: ReadonlyMap<string, Float32Array>;
}

export interface Differentiated {
  /** Gradient of the loss by `node/param`, shapes as the parameters'. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** By batch norm node: mean and biased variance of this batch, per channel. */
  readonly statistics: ReadonlyMap<string, { readonly mean: Float32Array; readonly variance: Float32Array }>;
  /** By fake-quant node whose range is observed: smallest and largest value of this batch before rounding. */
  readonly ranges: ReadonlyMap<string, { readonly min: number; readonly max: number }>;
}

/**
 * What an executor has to know to train: one pass forward in training mode and one back. Which nodes have losses of
 * their own is known when it is made, so that it may plan for them. Loss, update rule, masks,
 * averages and state are {@link Trainer}'s and the same for every executor.
 */
export interface Differentiator {
  /**
   * @param lossGradient gives the gradient of the loss by each of its inputs; what it throws ends the pass.
   */
  differentiate(
    batch: Batch,
    state: ForwardState,
    lossGradient: (inputs: LossInputs) => LossInputs,
  ): Promise<Differentiated>;
  dispose(): void;
}
