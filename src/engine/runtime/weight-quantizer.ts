import { bucketOf } from '../graph/buckets';
import type { Graph } from '../graph/graph';
import { hasWeight, type UniformQuantization, type WeightNode } from '../graph/node';
import { largestMagnitudes, roundToGrids, weightGrids } from '../graph/weight-quantization';
import type { Parameters } from './executor';
import { parameter } from './parameter';

/**
 * Training of a weight that is on evenly spaced values, with the straight-through estimator: float values are trained, the
 * model computes with the nearest allowed ones, and the gradient passes where the float value is within its range. Plain
 * code for every executor: a weight is small beside what is computed with it.
 */
export class WeightQuantizer {
  private readonly bucket: (position: number) => number;
  private readonly weightKey: string;
  private readonly rangeKey: string;

  constructor(
    node: WeightNode,
    private readonly quantization: UniformQuantization,
  ) {
    this.bucket = bucketOf(node, quantization.buckets);
    this.weightKey = `${node.name}/weight`;
    this.rangeKey = `${node.name}/range`;
  }

  /** The weight to compute with. `values` may be moving averages; an observed range is brought up to date. */
  quantized(values: Parameters): Float32Array {
    const { bits, range: training } = this.quantization;
    const [weight, range] = [parameter(values, this.weightKey).data, parameter(values, this.rangeKey).data];
    if (training === 'observed') largestMagnitudes(weight, range.length, this.bucket, range);
    return roundToGrids(weight, weightGrids(range, bits), this.bucket);
  }

  /** The gradient by the float weight, from the one by the quantized weight. */
  straightThrough(values: Parameters, gradient: Float32Array): Float32Array {
    const [weight, range] = [parameter(values, this.weightKey).data, parameter(values, this.rangeKey).data];
    return gradient.map((slope, i) => (Math.abs(weight[i]) <= range[this.bucket(i)] ? slope : 0));
  }
}

/** By the key of the weight. */
export function weightQuantizers(graph: Graph): ReadonlyMap<string, WeightQuantizer> {
  return new Map(
    graph.nodes.filter(hasWeight).flatMap((node): [string, WeightQuantizer][] => {
      const { quantization } = node;
      return quantization ? [[`${node.name}/weight`, new WeightQuantizer(node, quantization)]] : [];
    }),
  );
}
