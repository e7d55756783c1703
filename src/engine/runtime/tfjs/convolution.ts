import type { Conv2dNode, DepthwiseConv2dNode } from '../../graph/node';
import type { Backend, Value } from './kernels';

/**
 * A convolution layer on kernels that know neither groups nor dilations: groups are split and joined, and a dilated
 * filter is a larger one with zeros in it. Both are rare; TensorFlow's CPU gradients refuse them on some machines.
 */
export class Convolution {
  constructor(
    private readonly backend: Backend,
    private readonly node: Conv2dNode | DepthwiseConv2dNode,
  ) {}

  forward(x: Value, weight: Value): Value {
    const { kernels, tf } = this.backend;
    return tf.tidy(() => {
      const filter = this.dilate(weight);
      if (this.node.kind === 'depthwiseConv2d') return kernels.depthwiseConv2d(x, filter, this.node);
      const filters = this.split(filter);
      return this.join(this.split(x).map((part, group) => kernels.conv2d(part, filters[group], this.node)));
    });
  }

  inputGradient(dy: Value, weight: Value, inputShape: readonly number[]): Value {
    const { kernels, tf } = this.backend;
    return tf.tidy(() => {
      const filter = this.dilate(weight);
      if (this.node.kind === 'depthwiseConv2d') {
        return kernels.depthwiseConv2dInputGradient(dy, filter, inputShape, this.node);
      }
      const filters = this.split(filter);
      const [n, height, width, channels] = inputShape;
      const shape = [n, height, width, channels / filters.length];
      return this.join(
        this.split(dy).map((part, group) => kernels.conv2dInputGradient(part, filters[group], shape, this.node)),
      );
    });
  }

  filterGradient(x: Value, dy: Value, weight: Value): Value {
    const { kernels, tf } = this.backend;
    return tf.tidy(() => {
      const [height, width, channels, filters] = weight.shape;
      const kernel = [this.span(height, 0), this.span(width, 1)];
      if (this.node.kind === 'depthwiseConv2d') {
        const shape = [...kernel, channels, filters];
        return this.undilate(kernels.depthwiseConv2dFilterGradient(x, dy, shape, this.node), weight.shape);
      }
      const slopes = this.split(dy);
      const shape = [...kernel, channels, filters / slopes.length];
      const parts = this.split(x).map((part, group) =>
        kernels.conv2dFilterGradient(part, slopes[group], shape, this.node),
      );
      return this.undilate(this.join(parts), weight.shape);
    });
  }

  private get groups(): number {
    return this.node.kind === 'conv2d' ? this.node.groups : 1;
  }

  private split(value: Value): Value[] {
    return this.groups === 1 ? [value] : this.backend.tf.split(value, this.groups, 3);
  }

  private join(parts: Value[]): Value {
    return parts.length === 1 ? parts[0] : this.backend.tf.concat(parts, 3);
  }

  private span(size: number, direction: 0 | 1): number {
    return (size - 1) * this.node.dilations[direction] + 1;
  }

  private get isDilated(): boolean {
    return this.node.dilations.some((dilation) => dilation !== 1);
  }

  private dilate(weight: Value): Value {
    if (!this.isDilated) return weight;
    const { tf } = this.backend;
    const [height, width, channels, filters] = weight.shape;
    const flat = tf.reshape(weight, [height * width, channels * filters]);
    const spread = tf.matMul(this.placement(height, width), flat);
    return tf.reshape(spread, [this.span(height, 0), this.span(width, 1), channels, filters]);
  }

  private undilate(gradient: Value, shape: readonly number[]): Value {
    if (!this.isDilated) return gradient;
    const { tf } = this.backend;
    const [height, width, channels, filters] = shape;
    const rows = this.span(height, 0) * this.span(width, 1);
    const flat = tf.reshape(gradient, [rows, channels * filters]);
    return tf.reshape(tf.matMul(this.placement(height, width), flat, true), [...shape]);
  }

  /** 0/1 matrix that puts each cell of the filter where its dilation has it. */
  private placement(height: number, width: number): Value {
    const columns = this.span(width, 1);
    const matrix = new Float32Array(this.span(height, 0) * columns * height * width);
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const row = i * this.node.dilations[0] * columns + j * this.node.dilations[1];
        matrix[row * height * width + i * width + j] = 1;
      }
    }
    return this.backend.tf.tensor2d(matrix, [matrix.length / (height * width), height * width]);
  }
}
