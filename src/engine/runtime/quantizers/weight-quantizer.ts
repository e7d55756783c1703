import type { Graph } from '../../graph/graph';
import { hasWeight, type WeightNode } from '../../graph/node';
import type { Parameters } from '../executor';
import { CodebookQuantizer } from './codebook-quantizer';
import { UniformQuantizer } from './uniform-quantizer';

/** A parameter beside the weight that training moves, with the factor that suits its gradient to the learning rate. */
export interface OwnParameter {
  readonly key: string;
  readonly rate: (entry: number) => number;
}

/**
 * Training of a weight that may only have few values: float values are trained, and the model computes with the nearest
 * allowed ones. Plain code for every executor: a weight is small beside what is computed with it.
 */
export interface WeightQuantizer {
  /** Whether the float weight itself is updated. */
  readonly trainsWeight: boolean;
  readonly own?: OwnParameter;
  /** The weight to compute with. `values` may be moving averages; an observed range is brought up to date. */
  quantized(values: Parameters): Float32Array;
  /**
   * From the gradient by the quantized weight to those by what is trained.
   * @param gradient Turned in place into the one by the float weight.
   * @param quantized The weight that was computed with.
   * @returns The gradient by the own parameter, where there is one.
   */
  backward(values: Parameters, gradient: Float32Array, quantized: Float32Array): Float32Array | undefined;
  /** Turns the values of a training into those of a graph at rest: the weight at allowed values, the rest in order. */
  rest(values: Parameters): void;
  /** Brings the own parameter back to where it makes sense, after an update. */
  settle(values: Parameters): void;
}

/** By the key of the weight. */
export function weightQuantizers(graph: Graph): ReadonlyMap<string, WeightQuantizer> {
  return new Map(
    graph.nodes.filter(hasWeight).flatMap((node): [string, WeightQuantizer][] => {
      const quantizer = quantizerOf(node);
      return quantizer ? [[`${node.name}/weight`, quantizer]] : [];
    }),
  );
}

function quantizerOf(node: WeightNode): WeightQuantizer | undefined {
  switch (node.quantization?.kind) {
    case 'uniform':
      return new UniformQuantizer(node, node.quantization);
    case 'codebook':
      return new CodebookQuantizer(node, node.quantization);
    case undefined:
      return undefined;
  }
}
