import { bucketOf } from '../../graph/buckets';
import type { CodebookQuantization, WeightNode } from '../../graph/node';
import { lookUp, nearestEntries } from '../../graph/weight-quantization';
import type { Parameters } from '../executor';
import { parameter } from '../parameter';
import type { OwnParameter, WeightQuantizer } from './weight-quantizer';

/**
 * Weights that are entries of a codebook (Han et al. 2016, section 3). What is trained: the float weights, whose nearest
 * entries are computed with (straight-through); the entries, each with the sum of its members' gradients (eq. 3) while
 * membership stays as it began; or both.
 */
export class CodebookQuantizer implements WeightQuantizer {
  readonly trainsWeight: boolean;
  readonly own?: OwnParameter;
  private readonly bucket: (position: number) => number;
  private readonly weightKey: string;
  private readonly codebookKey: string;
  private readonly fixedMembers: boolean;
  /** Membership: as it began where weights are not trained, else that of the weight last computed with. */
  private indices: Uint8Array;

  constructor(node: WeightNode, { train, buckets }: CodebookQuantization) {
    const { weight, codebook } = node.params;
    if (!codebook) throw new Error(`the layer "${node.name}" has no codebook`);
    this.bucket = bucketOf(node, buckets);
    this.weightKey = `${node.name}/weight`;
    this.codebookKey = `${node.name}/codebook`;
    this.trainsWeight = train !== 'clusters';
    this.fixedMembers = train === 'clusters';
    this.indices = nearestEntries(weight.data, codebook, this.bucket);
    if (train === 'weights') return;
    const [, entries] = codebook.shape;
    const members = new Float64Array(codebook.data.length);
    this.indices.forEach((index, i) => members[this.bucket(i) * entries + index]++);
    // A sum over members grows with their number, its noise with the root: this keeps steps as large as a weight's.
    this.own = { key: this.codebookKey, rate: (entry) => 1 / Math.sqrt(Math.max(members[entry], 1)) };
  }

  quantized(values: Parameters): Float32Array {
    const codebook = parameter(values, this.codebookKey);
    if (!this.fixedMembers)
      this.indices = nearestEntries(parameter(values, this.weightKey).data, codebook, this.bucket);
    return lookUp(this.indices, codebook, this.bucket);
  }

  backward(values: Parameters, gradient: Float32Array): Float32Array | undefined {
    if (!this.own) return undefined;
    const { shape, data } = parameter(values, this.codebookKey);
    const byEntry = new Float32Array(data.length);
    for (let i = 0; i < gradient.length; i++) byEntry[this.bucket(i) * shape[1] + this.indices[i]] += gradient[i];
    // The entry that holds pruned weights at 0.
    data.forEach((entry, i) => {
      if (entry === 0) byEntry[i] = 0;
    });
    return byEntry;
  }

  rest(values: Parameters): void {
    parameter(values, this.weightKey).data.set(this.quantized(values));
    this.sortRows(values);
  }

  /** Rows stay ascending where weights look for their nearest entry; a fixed membership needs no order. */
  settle(values: Parameters): void {
    if (this.own && !this.fixedMembers) this.sortRows(values);
  }

  private sortRows(values: Parameters): void {
    const { shape, data } = parameter(values, this.codebookKey);
    for (let row = 0; row < shape[0]; row++) data.subarray(row * shape[1], (row + 1) * shape[1]).sort();
  }
}
