import { bucketOf } from '../../graph/buckets';
import type { UniformQuantization, WeightNode } from '../../graph/node';
import { largestMagnitudes, roundToGrids, weightGrids } from '../../graph/weight-quantization';
import type { Parameters } from '../executor';
import { parameter } from '../parameter';
import type { OwnParameter, WeightQuantizer } from './weight-quantizer';

/** A range that learning pushed to 0 could never come back. */
export const SMALLEST_RANGE = 1e-6;

/**
 * Weights on evenly spaced values, with the straight-through estimator: the gradient passes where the weight is within its
 * range. A learned range has the gradient of Learned Step Size Quantization (Esser et al. 2020, eq. 3), by the range in
 * place of the step, and its gradient scale (section 2.2).
 */
export class UniformQuantizer implements WeightQuantizer {
  readonly trainsWeight = true;
  readonly own?: OwnParameter;
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
    if (quantization.range !== 'learned') return;
    const perBucket = node.params.weight.data.length / (node.params.range?.data.length ?? 1);
    const rate = learnedRangeRate(2 ** (quantization.bits - 1) - 1, perBucket);
    this.own = { key: this.rangeKey, rate: () => rate };
  }

  quantized(values: Parameters): Float32Array {
    const [weight, range] = [parameter(values, this.weightKey).data, parameter(values, this.rangeKey).data];
    if (this.quantization.range === 'observed') largestMagnitudes(weight, range.length, this.bucket, range);
    return roundToGrids(weight, weightGrids(range, this.quantization.bits), this.bucket);
  }

  backward(values: Parameters, gradient: Float32Array, quantized: Float32Array): Float32Array | undefined {
    const [weight, range] = [parameter(values, this.weightKey).data, parameter(values, this.rangeKey).data];
    const byRange = new Float32Array(range.length);
    for (let i = 0; i < gradient.length; i++) {
      const bucket = this.bucket(i);
      if (Math.abs(weight[i]) <= range[bucket])
        byRange[bucket] += (gradient[i] * (quantized[i] - weight[i])) / Math.max(range[bucket], SMALLEST_RANGE);
      else {
        byRange[bucket] += gradient[i] * Math.sign(weight[i]);
        gradient[i] = 0;
      }
    }
    return this.own && byRange;
  }

  rest(values: Parameters): void {
    parameter(values, this.weightKey).data.set(this.quantized(values));
  }

  settle(values: Parameters): void {
    if (!this.own) return;
    const { data } = parameter(values, this.rangeKey);
    for (let i = 0; i < data.length; i++) data[i] = Math.max(data[i], SMALLEST_RANGE);
  }
}

/**
 * LSQ scales the gradient of a step size by `1 / sqrt(values * levels)`, which makes its updates as large, relative to it,
 * as those of the weights. The range is `levels` steps, so in terms of the range the factor has `levels` squared on top.
 */
export function learnedRangeRate(levels: number, values: number): number {
  return levels ** 2 / Math.sqrt(values * levels);
}
