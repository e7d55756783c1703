import { gridOf, type Grid } from '../../graph/fake-quant';
import type { Pair } from '../../graph/node';
import type { BatchNormTraining, Kernels, Pooling, Sliding, Tfjs, Value } from './kernels';
import { maxPoolGradient } from './max-pool-gradient';
import { imagePads, noPadding } from './padding';
import { stridedScatter } from './strided-scatter';

/**
 * The same kernels for WebAssembly, whose backend has no filter gradient and a slow input gradient: both are written as
 * forward convolutions, which it does well (XNNPACK).
 */
export class WasmKernels implements Kernels {
  constructor(private readonly tf: Tfjs) {}

  conv2d(x: Value, filter: Value, { strides, padding }: Sliding): Value {
    return this.tf.conv2d(image(x), image(filter), [...strides], imagePads(padding));
  }

  /** Correlation of `dy`, spread out by the strides, with the filter turned by 180 degrees. */
  conv2dInputGradient(dy: Value, filter: Value, inputShape: readonly number[], sliding: Sliding): Value {
    const { tf } = this;
    return tf.tidy(() => {
      const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
      const spread = this.spread(dy, kernelOf(filter), inputShape, sliding);
      return this.conv2d(spread, turned, { strides: [1, 1], padding: noPadding });
    });
  }

  /**
   * `dW[i, j, c, o]` sums `x[n, y * stride + i - pad, ..., c] * dy[n, y, ..., o]` over n and y: a convolution of x, with
   * the channels as its batch, by dy as a filter over space and batch that is dilated by the strides.
   */
  conv2dFilterGradient(x: Value, dy: Value, filterShape: readonly number[], { strides, padding }: Sliding): Value {
    const { tf } = this;
    return tf.tidy(() => {
      const padded = isNone(padding) ? x : tf.pad(x, imagePads(padding));
      const turned = tf.transpose(padded, [3, 1, 2, 0]);
      const filter = tf.transpose(dy, [1, 2, 0, 3]);
      const whole = tf.conv2d(image(turned), image(filter), 1, 'valid', 'NHWC', [...strides]);
      // Rows that the strided window never reached come out at the end.
      const [height, width, channels, filters] = filterShape;
      return tf.transpose(tf.slice(whole, [0, 0, 0, 0], [channels, height, width, filters]), [1, 2, 0, 3]);
    });
  }

  depthwiseConv2d(x: Value, filter: Value, { strides, padding }: Sliding): Value {
    const { tf } = this;
    return tf.tidy(() => {
      const padded = isNone(padding) ? x : tf.pad(x, imagePads(padding));
      return tf.depthwiseConv2d(image(padded), image(filter), [...strides], 'valid');
    });
  }

  /** For each multiple: its share of `dy`, spread out, correlated with its turned filters; their sum is the gradient. */
  depthwiseConv2dInputGradient(dy: Value, filter: Value, inputShape: readonly number[], sliding: Sliding): Value {
    const { tf } = this;
    return tf.tidy(() => {
      const turned = tf.reverse(filter, [0, 1]);
      const [height, width, channels, multiplier]: readonly number[] = filter.shape;
      const parts: Value[] = [];
      for (let m = 0; m < multiplier; m++) {
        const share = this.multiple(dy, m, multiplier);
        const spread = this.spread(share, kernelOf(filter), inputShape, sliding);
        const filters = tf.slice(turned, [0, 0, 0, m], [height, width, channels, 1]);
        parts.push(this.depthwiseConv2d(spread, filters, { strides: [1, 1], padding: noPadding }));
      }
      return tf.addN(parts);
    });
  }

  /** One product and sum for each cell of the filter. */
  depthwiseConv2dFilterGradient(
    x: Value,
    dy: Value,
    filterShape: readonly number[],
    { strides, padding }: Sliding,
  ): Value {
    const { tf } = this;
    const [height, width, channels, multiplier] = filterShape;
    const [n, outHeight, outWidth] = dy.shape;
    return tf.tidy(() => {
      const padded = isNone(padding) ? x : tf.pad(x, imagePads(padding));
      const shares = Array.from({ length: multiplier }, (_, m) => this.multiple(dy, m, multiplier));
      const cells: Value[] = [];
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          const end = [i + (outHeight - 1) * strides[0] + 1, j + (outWidth - 1) * strides[1] + 1];
          const seen = tf.stridedSlice(padded, [0, i, j, 0], [n, ...end, channels], [1, ...strides, 1]);
          const sums = shares.map((share) => tf.reshape(this.channelSum(tf.mul(seen, share)), [channels, 1]));
          cells.push(sums.length === 1 ? sums[0] : tf.concat(sums, 1));
        }
      }
      return tf.reshape(tf.stack(cells), [...filterShape]);
    });
  }

  biasAdd(x: Value, bias: Value): Value {
    return this.tf.add(x, bias);
  }

  /** A product with a row of ones: the backend's own sum transposes its input first. */
  channelSum(x: Value): Value {
    const { tf } = this;
    const channels = x.shape[x.shape.length - 1];
    const rows = x.size / channels;
    return tf.tidy(() => tf.reshape(tf.matMul(tf.ones([1, rows]), tf.reshape(x, [rows, channels])), [channels]));
  }

  batchNorm(x: Value, gamma: Value, beta: Value, mean: Value, variance: Value, epsilon: number): Value {
    const { tf } = this;
    return tf.tidy(() => {
      const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, epsilon)));
      return tf.add(tf.mul(x, scale), tf.sub(beta, tf.mul(mean, scale)));
    });
  }

  batchNormTraining(x: Value, gamma: Value, beta: Value, epsilon: number): BatchNormTraining {
    const { tf } = this;
    const count = x.size / x.shape[x.shape.length - 1];
    return tf.tidy(() => {
      const mean = tf.div(this.channelSum(x), count);
      const variance = tf.div(this.channelSum(tf.square(tf.sub(x, mean))), count);
      const value = this.batchNorm(x, gamma, beta, mean, variance, epsilon);
      return { value, mean, variance, saved: [tf.clone(mean), tf.clone(variance)] };
    });
  }

  /** Ioffe & Szegedy 2015, section 3, with the sums over the batch taken once. */
  batchNormGradient(dy: Value, x: Value, gamma: Value, [mean, variance]: readonly Value[], epsilon: number) {
    const { tf } = this;
    const count = x.size / x.shape[x.shape.length - 1];
    return tf.tidy(() => {
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      const normal = tf.mul(tf.sub(x, mean), inverse);
      const beta = this.channelSum(dy);
      const dGamma = this.channelSum(tf.mul(dy, normal));
      const centred = tf.sub(dy, tf.add(tf.div(beta, count), tf.mul(normal, tf.div(dGamma, count))));
      return { x: tf.mul(centred, tf.mul(gamma, inverse)), gamma: dGamma, beta };
    });
  }

  reluGradient(dy: Value, y: Value): Value {
    return this.tf.tidy(() => this.tf.mul(dy, this.tf.step(y)));
  }

  relu6Gradient(dy: Value, y: Value): Value {
    const { tf } = this;
    return tf.tidy(() => tf.mul(dy, tf.mul(tf.step(y), tf.step(tf.sub(6, y)))));
  }

  leakyReluGradient(dy: Value, x: Value, alpha: number): Value {
    return this.tf.tidy(() => this.tf.mul(dy, this.tf.step(x, alpha)));
  }

  maxPool(x: Value, { size, strides, padding }: Pooling): Value {
    const { tf } = this;
    return tf.tidy(() => tf.maxPool(image(this.padLowest(x, padding)), [...size], [...strides], 'valid'));
  }

  /** In plain loops: the backend's MaxPoolGrad (4.22) gives wrong numbers. */
  maxPoolGradient(dy: Value, x: Value, _y: Value, pooling: Pooling): Value {
    const [slopes, values] = [dy.dataSync<'float32'>(), x.dataSync<'float32'>()];
    return this.tf.tensor(maxPoolGradient(slopes, dy.shape, values, x.shape, pooling), x.shape, 'float32');
  }

  avgPool(x: Value, size: Pair, strides: Pair): Value {
    return this.tf.avgPool(image(x), [...size], [...strides], 'valid');
  }

  avgPoolGradient(dy: Value, inputShape: readonly number[], size: Pair, strides: Pair): Value {
    const { tf } = this;
    return tf.tidy(() => {
      const input = tf.zeros([...inputShape]);
      const attributes = { filterSize: [...size], strides: [...strides], pad: 'valid' };
      return tf.engine().runKernel('AvgPoolGrad', { dy, input }, attributes);
    });
  }

  fakeQuant(x: Value, min: Value, max: Value, bits: number): Value {
    const { tf } = this;
    const grid = gridBetween(min, max, bits);
    if (grid.scale === 0) return tf.zerosLike(x);
    const zero = Math.floor(Math.fround(Math.fround(-grid.min * grid.inverse) + 0.5));
    return tf.tidy(() => {
      const steps = tf.div(tf.sub(tf.clipByValue(x, grid.min, grid.max), grid.min), grid.scale);
      return tf.mul(tf.floor(tf.add(tf.sub(steps, zero), 0.5)), grid.scale);
    });
  }

  fakeQuantGradient(dy: Value, x: Value, min: Value, max: Value, bits: number): Value {
    const { tf } = this;
    const grid = gridBetween(min, max, bits);
    if (grid.scale === 0) return tf.clone(dy);
    return tf.tidy(() => {
      const outside = tf.add(tf.step(tf.sub(x, grid.max)), tf.step(tf.sub(grid.min, x)));
      return tf.mul(dy, tf.sub(1, outside));
    });
  }

  stridedScatter(dy: Value, shape: readonly number[], begin: readonly number[], strides: readonly number[]): Value {
    const values = stridedScatter(dy.dataSync<'float32'>(), dy.shape, shape, begin, strides);
    return this.tf.tensor(values, [...shape], 'float32');
  }

  /** `dy` with `stride - 1` zeros between its cells and a border, such that a valid correlation gives the input's extent. */
  private spread(dy: Value, kernel: Pair, [n, h, w]: readonly number[], { strides, padding }: Sliding): Value {
    const { tf } = this;
    const [outHeight, outWidth, channels] = dy.shape.slice(1);
    const top = kernel[0] - 1 - padding.top;
    const left = kernel[1] - 1 - padding.left;
    const bottom = h + kernel[0] - 1 - top - outHeight;
    const right = w + kernel[1] - 1 - left - outWidth;
    if (strides[0] === 1 && strides[1] === 1 && Math.min(top, left, bottom, right) >= 0) {
      return tf.pad(dy, imagePads({ top, bottom, left, right }));
    }
    const shape = [n, h + kernel[0] - 1, w + kernel[1] - 1, channels];
    return this.stridedScatter(dy, shape, [0, top, left, 0], [1, ...strides, 1]);
  }

  /** Output channel `c * multiplier + m` of every input channel c. */
  private multiple(dy: Value, m: number, multiplier: number): Value {
    if (multiplier === 1) return dy;
    return this.tf.stridedSlice(dy, [0, 0, 0, m], dy.shape, [1, 1, 1, multiplier]);
  }

  private padLowest(x: Value, padding: Sliding['padding']): Value {
    return isNone(padding) ? x : this.tf.pad(x, imagePads(padding), -3.4e38);
  }
}

/** Narrows the type only: callers hand in images and filters, which have four dimensions. */
function image(x: Value) {
  return x as import('@tensorflow/tfjs-core').Tensor4D;
}

function kernelOf(filter: Value): Pair {
  const [height, width]: readonly number[] = filter.shape;
  return [height, width];
}

function gridBetween(min: Value, max: Value, bits: number): Grid {
  return gridOf(min.dataSync<'float32'>()[0], max.dataSync<'float32'>()[0], bits);
}

function isNone({ top, bottom, left, right }: Sliding['padding']): boolean {
  return top + bottom + left + right === 0;
}
