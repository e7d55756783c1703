import type { ParamNode } from '../../graph/node';
import type { Value } from './plan';
import type { PlanBuilder } from './plan-builder';

/** Where an op is emitted, and what for. */
export interface Site {
  readonly builder: PlanBuilder;
  /** Of the op's output, batch first. */
  readonly shape: readonly number[];
  parameter(node: ParamNode, name: string): Value;
  /** Batch norm takes the statistics of the batch and tells them here; absent: it uses the running ones. */
  readonly onStatistics?: (node: string, mean: Value, variance: Value) => void;
  /** Dropout drops, ranges are observed, and what the way back needs is kept. */
  readonly training: boolean;
  /** Whether the only reader is a relu that this op is to apply as well; its gradient is then this op's too. */
  readonly relu: boolean;
  /** What a convolution is to add to its result before that, in inference. */
  readonly sum?: Value;
}

/** Gradients that somebody needs. */
export interface Wanted {
  readonly inputs: readonly boolean[];
  readonly params: ReadonlySet<string>;
}

export interface Slopes {
  /** By the op's inputs; one may be the gradient by its output itself. */
  readonly inputs: readonly (Value | undefined)[];
  readonly params?: Readonly<Record<string, Value>>;
}

export interface Emitted {
  readonly value: Value;
  /** Emits the steps of the gradient; `dy` is in the type of activations. */
  backward(dy: Value, wanted: Wanted): Slopes;
}
