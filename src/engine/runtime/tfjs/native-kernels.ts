import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend';
import type { TFEOpAttr } from '@tensorflow/tfjs-node/dist/tfjs_binding';
import type { Pair } from '../../graph/node';
import type { BatchNormTraining, Kernels, Pooling, Sliding, Tfjs, Value } from './kernels';
import { imagePads, noPadding, paddingName } from './padding';

/**
 * TensorFlow's own kernels, gradients included. tfjs composes the gradients of relu and batch norm of a dozen
 * element-wise ops each, which costs 40 % of a ResNet's training step.
 */
export class NativeKernels implements Kernels {
  private readonly type: TFEOpAttr;

  constructor(
    private readonly tf: Tfjs,
    private readonly backend: NodeJSKernelBackend,
  ) {
    this.type = this.typeAttribute('T');
  }

  conv2d(x: Value, filter: Value, sliding: Sliding): Value {
    return this.run('Conv2D', this.convAttributes(x.shape, filter.shape, sliding), [x, filter]);
  }

  conv2dInputGradient(dy: Value, filter: Value, inputShape: readonly number[], sliding: Sliding): Value {
    return this.paddedInputGradient('Conv2DBackpropInput', dy, filter, inputShape, sliding);
  }

  conv2dFilterGradient(x: Value, dy: Value, filterShape: readonly number[], sliding: Sliding): Value {
    return this.paddedFilterGradient('Conv2DBackpropFilter', x, dy, filterShape, sliding);
  }

  depthwiseConv2d(x: Value, filter: Value, sliding: Sliding): Value {
    return this.run('DepthwiseConv2dNative', this.convAttributes(x.shape, filter.shape, sliding), [x, filter]);
  }

  depthwiseConv2dInputGradient(dy: Value, filter: Value, inputShape: readonly number[], sliding: Sliding): Value {
    return this.paddedInputGradient('DepthwiseConv2dNativeBackpropInput', dy, filter, inputShape, sliding);
  }

  depthwiseConv2dFilterGradient(x: Value, dy: Value, filterShape: readonly number[], sliding: Sliding): Value {
    return this.paddedFilterGradient('DepthwiseConv2dNativeBackpropFilter', x, dy, filterShape, sliding);
  }

  biasAdd(x: Value, bias: Value): Value {
    return this.run('BiasAdd', [this.type, this.text('data_format', 'NHWC')], [x, bias]);
  }

  channelSum(x: Value): Value {
    return this.run('BiasAddGrad', [this.type, this.text('data_format', 'NHWC')], [x]);
  }

  batchNorm(x: Value, gamma: Value, beta: Value, mean: Value, variance: Value, epsilon: number): Value {
    const attributes = this.batchNormAttributes(epsilon, false);
    const [y, ...rest] = this.runAll('FusedBatchNormV3', attributes, [x, gamma, beta, mean, variance], 6);
    this.tf.dispose(rest);
    return y;
  }

  batchNormTraining(x: Value, gamma: Value, beta: Value, epsilon: number): BatchNormTraining {
    const none = this.tf.tensor1d([], 'float32');
    // An averaging factor of 1 asks for this batch's statistics as they are.
    const attributes = [...this.batchNormAttributes(epsilon, true), this.number('exponential_avg_factor', 1)];
    const [value, mean, unbiased, ...saved] = this.runAll(
      'FusedBatchNormV3',
      attributes,
      [x, gamma, beta, none, none],
      6,
    );
    // The kernel's variance output has Bessel's correction n / (n - 1), or 1 when n is 1.
    const count = x.size / gamma.size;
    const variance = this.tf.mul(unbiased, Math.max(count - 1, 1) / count);
    this.tf.dispose([none, unbiased]);
    return { value, mean, variance, saved };
  }

  batchNormGradient(dy: Value, x: Value, gamma: Value, saved: readonly Value[], epsilon: number) {
    const attributes = this.batchNormAttributes(epsilon, true);
    const [dx, dGamma, dBeta, ...rest] = this.runAll('FusedBatchNormGradV3', attributes, [dy, x, gamma, ...saved], 5);
    this.tf.dispose(rest);
    return { x: dx, gamma: dGamma, beta: dBeta };
  }

  reluGradient(dy: Value, y: Value): Value {
    return this.run('ReluGrad', [this.type], [dy, y]);
  }

  relu6Gradient(dy: Value, y: Value): Value {
    return this.run('Relu6Grad', [this.type], [dy, y]);
  }

  leakyReluGradient(dy: Value, x: Value, alpha: number): Value {
    return this.run('LeakyReluGrad', [this.type, this.number('alpha', alpha)], [dy, x]);
  }

  maxPool(x: Value, pooling: Pooling): Value {
    return this.run('MaxPool', this.poolAttributes(x.shape, pooling), [x]);
  }

  maxPoolGradient(dy: Value, x: Value, y: Value, pooling: Pooling): Value {
    return this.run('MaxPoolGrad', this.poolAttributes(x.shape, pooling), [x, y, dy]);
  }

  avgPool(x: Value, size: Pair, strides: Pair): Value {
    return this.run('AvgPool', this.poolAttributes(x.shape, { size, strides, padding: noPadding }), [x]);
  }

  avgPoolGradient(dy: Value, inputShape: readonly number[], size: Pair, strides: Pair): Value {
    const attributes = this.poolAttributes(inputShape, { size, strides, padding: noPadding });
    return this.withIndices([inputShape], ([shape]) => this.run('AvgPoolGrad', attributes, [shape, dy]));
  }

  fakeQuant(x: Value, min: Value, max: Value, bits: number): Value {
    return this.run('FakeQuantWithMinMaxVars', this.fakeQuantAttributes(bits), [x, min, max]);
  }

  fakeQuantChannels(x: Value, min: Value, max: Value, bits: number): Value {
    return this.run('FakeQuantWithMinMaxVarsPerChannel', this.fakeQuantAttributes(bits, true), [x, min, max]);
  }

  fakeQuantGradient(dy: Value, x: Value, min: Value, max: Value, bits: number): Value {
    const attributes = this.fakeQuantAttributes(bits);
    const [dx, ...rest] = this.runAll('FakeQuantWithMinMaxVarsGradient', attributes, [dy, x, min, max], 3);
    this.tf.dispose(rest);
    return dx;
  }

  stridedScatter(dy: Value, shape: readonly number[], begin: readonly number[], strides: readonly number[]): Value {
    const end = begin.map((first, d) => first + (dy.shape[d] - 1) * strides[d] + 1);
    const masks = ['begin_mask', 'end_mask', 'ellipsis_mask', 'new_axis_mask', 'shrink_axis_mask'];
    const attributes = [this.type, this.indexType(), ...masks.map((name) => this.integers(name, 0))];
    return this.withIndices([shape, begin, end, strides], (indices) =>
      this.run('StridedSliceGrad', attributes, [...indices, dy]),
    );
  }

  /**
   * With EXPLICIT padding TensorFlow leaves oneDNN for a kernel that takes three times as long, so any padding but SAME
   * is made beforehand.
   */
  private paddedInputGradient(
    op: string,
    dy: Value,
    filter: Value,
    inputShape: readonly number[],
    sliding: Sliding,
  ): Value {
    if (paddingName(inputShape, kernelOf(filter.shape), sliding) !== 'EXPLICIT') {
      const attributes = this.convAttributes(inputShape, filter.shape, sliding);
      return this.withIndices([inputShape], ([shape]) => this.run(op, attributes, [shape, filter, dy]));
    }
    const { strides, padding } = sliding;
    const padded = paddedShape(inputShape, padding);
    const whole = this.paddedInputGradient(op, dy, filter, padded, { strides, padding: noPadding });
    const dx = this.tf.slice(whole, [0, padding.top, padding.left, 0], [...inputShape]);
    whole.dispose();
    return dx;
  }

  private paddedFilterGradient(
    op: string,
    x: Value,
    dy: Value,
    filterShape: readonly number[],
    sliding: Sliding,
  ): Value {
    if (paddingName(x.shape, kernelOf(filterShape), sliding) !== 'EXPLICIT') {
      const attributes = this.convAttributes(x.shape, filterShape, sliding);
      return this.withIndices([filterShape], ([shape]) => this.run(op, attributes, [x, shape, dy]));
    }
    const padded = this.tf.pad(x, imagePads(sliding.padding));
    const { strides } = sliding;
    const gradient = this.paddedFilterGradient(op, padded, dy, filterShape, { strides, padding: noPadding });
    padded.dispose();
    return gradient;
  }

  private convAttributes(inputShape: readonly number[], filterShape: readonly number[], sliding: Sliding): TFEOpAttr[] {
    return [
      this.type,
      ...this.slidingAttributes(inputShape, kernelOf(filterShape), sliding),
      this.integers('dilations', [1, 1, 1, 1]),
    ];
  }

  private poolAttributes(inputShape: readonly number[], pooling: Pooling): TFEOpAttr[] {
    const { size } = pooling;
    return [this.type, this.integers('ksize', [1, ...size, 1]), ...this.slidingAttributes(inputShape, size, pooling)];
  }

  private slidingAttributes(inputShape: readonly number[], kernel: Pair, sliding: Sliding): TFEOpAttr[] {
    const padding = paddingName(inputShape, kernel, sliding);
    const attributes = [
      this.integers('strides', [1, ...sliding.strides, 1]),
      this.text('padding', padding),
      this.text('data_format', 'NHWC'),
    ];
    if (padding === 'EXPLICIT') attributes.push(this.integers('explicit_paddings', imagePads(sliding.padding).flat()));
    return attributes;
  }

  private batchNormAttributes(epsilon: number, training: boolean): TFEOpAttr[] {
    const { TF_ATTR_BOOL } = this.backend.binding;
    return [
      this.type,
      this.typeAttribute('U'),
      this.number('epsilon', epsilon),
      this.text('data_format', 'NHWC'),
      { name: 'is_training', type: TF_ATTR_BOOL, value: training },
    ];
  }

  private fakeQuantAttributes(bits: number, narrow = false): TFEOpAttr[] {
    const { TF_ATTR_BOOL } = this.backend.binding;
    return [this.integers('num_bits', bits), { name: 'narrow_range', type: TF_ATTR_BOOL, value: narrow }];
  }

  private typeAttribute(name: string): TFEOpAttr {
    const { TF_ATTR_TYPE, TF_FLOAT } = this.backend.binding;
    return { name, type: TF_ATTR_TYPE, value: TF_FLOAT };
  }

  private indexType(): TFEOpAttr {
    const { TF_ATTR_TYPE, TF_INT32 } = this.backend.binding;
    return { name: 'Index', type: TF_ATTR_TYPE, value: TF_INT32 };
  }

  private text(name: string, value: string): TFEOpAttr {
    return { name, type: this.backend.binding.TF_ATTR_STRING, value };
  }

  private number(name: string, value: number): TFEOpAttr {
    return { name, type: this.backend.binding.TF_ATTR_FLOAT, value };
  }

  private integers(name: string, value: number | number[]): TFEOpAttr {
    return { name, type: this.backend.binding.TF_ATTR_INT, value };
  }

  private run(op: string, attributes: TFEOpAttr[], inputs: Value[]): Value {
    return this.backend.executeSingleOutput(op, attributes, inputs);
  }

  private runAll(op: string, attributes: TFEOpAttr[], inputs: Value[], outputs: number): Value[] {
    return this.backend.executeMultipleOutputs(op, attributes, inputs, outputs);
  }

  private withIndices(lists: readonly (readonly number[])[], use: (indices: Value[]) => Value): Value {
    const indices = lists.map((list) => this.tf.tensor1d([...list], 'int32'));
    const result = use(indices);
    this.tf.dispose(indices);
    return result;
  }
}

function kernelOf([height, width]: readonly number[]): Pair {
  return [height, width];
}

function paddedShape([n, h, w, c]: readonly number[], { top, bottom, left, right }: Sliding['padding']): number[] {
  return [n, h + top + bottom, w + left + right, c];
}
