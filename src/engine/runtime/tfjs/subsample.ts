import type { SliceNode } from '../../graph/node';
import type { Backend, Value } from './kernels';

/**
 * A slice, and the way back. Strides over height and width go through an average pool of single cells, which gives the
 * same numbers: TensorFlow's StridedSlice and its gradient work cell by cell, and the two shortcuts of a ResNet-20 would
 * cost a tenth of its training step.
 */
export class Subsample {
  private readonly begin: readonly number[];
  private readonly end: readonly number[];
  private readonly strides: readonly number[];
  private readonly pools: boolean;

  constructor(
    private readonly backend: Backend,
    node: SliceNode,
    private readonly shape: readonly number[],
  ) {
    this.begin = [0, ...node.begin];
    this.end = [shape[0], ...node.end];
    this.strides = [1, ...node.strides];
    this.pools = shape.length === 4 && this.strides[3] === 1;
  }

  forward(x: Value): Value {
    const { tf, kernels } = this.backend;
    if (!this.pools) return tf.stridedSlice(x, [...this.begin], [...this.end], [...this.strides]);
    return tf.tidy(() => {
      const part = this.isWhole ? x : tf.slice(x, [...this.begin], this.extent);
      return this.isDense ? part : kernels.avgPool(part, [1, 1], [this.strides[1], this.strides[2]]);
    });
  }

  gradient(dy: Value): Value {
    const { tf, kernels } = this.backend;
    if (!this.pools) return kernels.stridedScatter(dy, this.shape, this.begin, this.strides);
    return tf.tidy(() => {
      const strides = [this.strides[1], this.strides[2]] as const;
      const part = this.isDense ? dy : kernels.avgPoolGradient(dy, this.extent, [1, 1], strides);
      if (this.isWhole) return part;
      return tf.pad(
        part,
        this.begin.map((before, d): [number, number] => [before, this.shape[d] - this.end[d]]),
      );
    });
  }

  private get extent(): number[] {
    return this.end.map((end, d) => end - this.begin[d]);
  }

  private get isWhole(): boolean {
    return this.extent.every((extent, d) => extent === this.shape[d]);
  }

  private get isDense(): boolean {
    return this.strides.every((stride) => stride === 1);
  }
}
