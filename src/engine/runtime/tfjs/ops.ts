import { gridOf, type Grid } from '../../graph/fake-quant';
import type { AvgPoolNode, OpTable, ParamNode, WeightNode } from '../../graph/node';
import type { DropoutMask } from '../differentiator';
import { Convolution } from './convolution';
import type { Backend, Value } from './kernels';
import { imagePads } from './padding';
import { Subsample } from './subsample';

/** What an op may ask of the pass that it is part of. */
export interface Pass {
  readonly backend: Backend;
  parameter(node: ParamNode, name: string): Value;
  /** Present: batch norm uses the statistics of the batch and tells them. Absent: it uses the running ones. */
  readonly onStatistics?: (node: string, mean: Value, variance: Value) => void;
  /** Present: told what goes into each fake-quant node whose range is observed; alive until it returns. */
  readonly onRange?: (node: string, value: Value) => void;
  /** Present: dropout drops. */
  readonly dropout?: DropoutMask;
}

/** Each gradient is computed when it is asked for, so that those which nobody needs cost nothing. */
export interface Gradients {
  /** By the op's inputs, in their order. One may be `dy` itself. */
  readonly inputs: readonly (() => Value)[];
  readonly params?: Readonly<Record<string, () => Value>>;
}

export interface Evaluated {
  readonly value: Value;
  /** Activations that `backward` reads: they must live until then. */
  readonly saved: readonly Value[];
  backward(dy: Value): Gradients;
}

type Ops = OpTable<[inputs: readonly Value[], pass: Pass], Evaluated>;

/** What each op does and how its gradient goes back, side by side. */
export const ops: Ops = {
  input: () => {
    throw new Error('the input of a graph is given, not computed');
  },

  conv2d: (node, [x], pass) => convolution(node, x, pass),
  depthwiseConv2d: (node, [x], pass) => convolution(node, x, pass),

  dense: (node, [x], pass) => {
    const { tf, kernels } = pass.backend;
    const weight = pass.parameter(node, 'weight');
    return withBias(node, tf.matMul(x, weight), pass, {
      saved: [x],
      backward: (dy) => ({
        inputs: [() => tf.matMul(dy, weight, false, true)],
        params: { weight: () => tf.matMul(x, dy, true, false), bias: () => kernels.channelSum(dy) },
      }),
    });
  },

  batchNorm: (node, [input], pass) => {
    const { tf, kernels } = pass.backend;
    const { epsilon } = node;
    const [gamma, beta] = [pass.parameter(node, 'gamma'), pass.parameter(node, 'beta')];
    const x = asImage(input, pass);
    if (!pass.onStatistics) {
      const [mean, variance] = [pass.parameter(node, 'mean'), pass.parameter(node, 'variance')];
      const y = kernels.batchNorm(x, gamma, beta, mean, variance, epsilon);
      return inferenceOnly(reshapeLike(y, input, pass), node.kind);
    }
    const { value, mean, variance, saved } = kernels.batchNormTraining(x, gamma, beta, epsilon);
    pass.onStatistics(node.name, mean, variance);
    return {
      value: reshapeLike(value, input, pass),
      saved: x === input ? [x, ...saved] : [input, x, ...saved],
      backward: (dy) => {
        const gradients = once(() => kernels.batchNormGradient(asImage(dy, pass), x, gamma, saved, epsilon));
        return {
          inputs: [() => reshapeLike(gradients().x, input, pass)],
          params: { gamma: () => tf.clone(gradients().gamma), beta: () => tf.clone(gradients().beta) },
        };
      },
    };
  },

  relu: (_node, [x], { backend: { tf, kernels } }) => {
    const y = tf.relu(x);
    return { value: y, saved: [y], backward: (dy) => ({ inputs: [() => kernels.reluGradient(dy, y)] }) };
  },
  relu6: (_node, [x], { backend: { tf, kernels } }) => {
    const y = tf.relu6(x);
    return { value: y, saved: [y], backward: (dy) => ({ inputs: [() => kernels.relu6Gradient(dy, y)] }) };
  },
  leakyRelu: ({ alpha }, [x], { backend: { tf, kernels } }) => ({
    value: tf.leakyRelu(x, alpha),
    saved: [x],
    backward: (dy) => ({ inputs: [() => kernels.leakyReluGradient(dy, x, alpha)] }),
  }),
  sigmoid: (_node, [x], { backend: { tf } }) => {
    const y = tf.sigmoid(x);
    const backward = (dy: Value) => ({ inputs: [() => tf.tidy(() => tf.mul(dy, tf.mul(y, tf.sub(1, y))))] });
    return { value: y, saved: [y], backward };
  },
  tanh: (_node, [x], { backend: { tf } }) => {
    const y = tf.tanh(x);
    const backward = (dy: Value) => ({ inputs: [() => tf.tidy(() => tf.mul(dy, tf.sub(1, tf.square(y))))] });
    return { value: y, saved: [y], backward };
  },
  softmax: (_node, [x], { backend: { tf } }) => {
    const y = tf.softmax(x);
    const gradient = (dy: Value) => {
      const weighted = tf.mul(dy, y);
      return tf.sub(weighted, tf.mul(y, tf.sum(weighted, -1, true)));
    };
    return { value: y, saved: [y], backward: (dy) => ({ inputs: [() => tf.tidy(() => gradient(dy))] }) };
  },

  add: (_node, [a, b], { backend: { tf } }) => ({
    value: tf.add(a, b),
    saved: [],
    backward: (dy) => ({ inputs: [() => dy, () => dy] }),
  }),
  mul: (_node, [a, b], { backend: { tf } }) => ({
    value: tf.mul(a, b),
    saved: [a, b],
    backward: (dy) => ({
      inputs: [
        () => tf.mul(dy, b),
        // A channel gate [1, 1, c] collects from everywhere that it was spread to.
        () => tf.tidy(() => (b.size === a.size ? tf.mul(dy, a) : tf.sum(tf.mul(dy, a), [1, 2], true))),
      ],
    }),
  }),
  concat: (_node, inputs, { backend: { tf } }) => {
    const axis = inputs[0].rank - 1;
    const widths = inputs.map((input) => input.shape[axis]);
    const backward = (dy: Value) => {
      const parts = once(() => tf.split(dy, widths, axis));
      return { inputs: widths.map((_, i) => () => parts()[i]) };
    };
    return { value: tf.concat([...inputs], axis), saved: [], backward };
  },

  maxPool: (node, [x], { backend: { kernels } }) => {
    const y = kernels.maxPool(x, node);
    return { value: y, saved: [x, y], backward: (dy) => ({ inputs: [() => kernels.maxPoolGradient(dy, x, y, node)] }) };
  },
  avgPool: (node, [x], { backend: { tf, kernels } }) => {
    const { size, strides, padding } = node;
    const { shape } = x;
    const padded = tf.pad(x, imagePads(padding));
    const paddedShape = padded.shape;
    const mean = kernels.avgPool(padded, size, strides);
    padded.dispose();
    const [, outHeight, outWidth]: readonly number[] = mean.shape;
    const weight = tf.tensor4d(cellsPerCell(node, shape, mean.shape), [1, outHeight, outWidth, 1]);
    const value = tf.mul(mean, weight);
    mean.dispose();
    const gradient = (dy: Value) => {
      const whole = kernels.avgPoolGradient(tf.mul(dy, weight), paddedShape, size, strides);
      return tf.slice(whole, [0, padding.top, padding.left, 0], shape);
    };
    return { value, saved: [], backward: (dy) => ({ inputs: [() => tf.tidy(() => gradient(dy))] }) };
  },
  globalAvgPool: (node, [x], { backend: { tf } }) => {
    const { shape } = x;
    const [n, height, width, channels]: readonly number[] = shape;
    const spread = (dy: Value) => tf.broadcastTo(tf.reshape(tf.div(dy, height * width), [n, 1, 1, channels]), shape);
    return {
      value: tf.mean(x, [1, 2], node.keepDims),
      saved: [],
      backward: (dy) => ({ inputs: [() => tf.tidy(() => spread(dy))] }),
    };
  },

  pad: (node, [x], { backend: { tf } }) => {
    const { shape } = x;
    const begin = [0, ...node.pads.map(([before]) => before)];
    return {
      value: tf.pad(x, [[0, 0], ...node.pads.map(([before, after]): [number, number] => [before, after])]),
      saved: [],
      backward: (dy) => ({ inputs: [() => tf.slice(dy, begin, shape)] }),
    };
  },
  slice: (node, [x], { backend }) => {
    const slice = new Subsample(backend, node, x.shape);
    return { value: slice.forward(x), saved: [], backward: (dy) => ({ inputs: [() => slice.gradient(dy)] }) };
  },

  flatten: (_node, [x], pass) => reshaped(x, [x.size / x.shape[0]], pass),
  reshape: (node, [x], pass) => reshaped(x, node.shape, pass),

  dropout: (node, [x], { backend: { tf }, dropout }) => {
    if (!dropout) return { value: tf.clone(x), saved: [], backward: (dy) => ({ inputs: [() => dy] }) };
    const mask = tf.tensor(dropout(node.name, node.rate, x.size), x.shape, 'float32');
    return { value: tf.mul(x, mask), saved: [mask], backward: (dy) => ({ inputs: [() => tf.mul(dy, mask)] }) };
  },

  fakeQuant: (node, [x], pass) => {
    const { tf, kernels } = pass.backend;
    if (node.range === 'observed') pass.onRange?.(node.name, x);
    const [min, max] = [pass.parameter(node, 'min'), pass.parameter(node, 'max')].map((bound) => tf.reshape(bound, []));
    const y = kernels.fakeQuant(x, min, max, node.bits);
    return {
      value: y,
      saved: node.range === 'learned' ? [x, y, min, max] : [x, min, max],
      backward: (dy) => {
        const grid = () => gridOf(min.dataSync<'float32'>()[0], max.dataSync<'float32'>()[0], node.bits);
        const slopes = once(() => rangeSlopes(dy, x, y, grid(), pass));
        return {
          inputs: [() => kernels.fakeQuantGradient(dy, x, min, max, node.bits)],
          params: { min: () => slopes().min, max: () => slopes().max },
        };
      },
    };
  },
};

function convolution(node: Parameters<Ops['conv2d']>[0] | Parameters<Ops['depthwiseConv2d']>[0], x: Value, pass: Pass) {
  const weight = pass.parameter(node, 'weight');
  const layer = new Convolution(pass.backend, node);
  const { shape } = x;
  return withBias(node, layer.forward(x, weight), pass, {
    saved: [x],
    backward: (dy) => ({
      inputs: [() => layer.inputGradient(dy, weight, shape)],
      params: {
        weight: () => layer.filterGradient(x, dy, weight),
        bias: () => pass.backend.kernels.channelSum(dy),
      },
    }),
  });
}

function withBias(node: WeightNode, product: Value, pass: Pass, rest: Omit<Evaluated, 'value'>): Evaluated {
  if (!node.params.bias) return { value: product, ...rest };
  const value = pass.backend.kernels.biasAdd(product, pass.parameter(node, 'bias'));
  product.dispose();
  return { value, ...rest };
}

function reshaped(x: Value, shape: readonly number[], { backend: { tf } }: Pass): Evaluated {
  const before = x.shape;
  return {
    value: tf.reshape(x, [before[0], ...shape]),
    saved: [],
    backward: (dy) => ({ inputs: [() => tf.reshape(dy, before)] }),
  };
}

/** Batch norm kernels take images; features are images of one pixel. */
function asImage(x: Value, { backend: { tf } }: Pass): Value {
  return x.rank === 4 ? x : tf.reshape(x, [x.shape[0], 1, 1, x.size / x.shape[0]]);
}

function reshapeLike(y: Value, x: Value, { backend: { tf } }: Pass): Value {
  return x.rank === 4 ? y : tf.reshape(y, x.shape);
}

/**
 * Gradient by the ends of a range, as LSQ+ has it (Bhalgat et al. 2020) for step size and offset, written for min and max:
 * an end moves the values beyond it one to one, and those within by their rounding error over the range.
 */
function rangeSlopes(dy: Value, x: Value, y: Value, grid: Grid, { backend: { tf } }: Pass): { min: Value; max: Value } {
  return tf.tidy(() => {
    const above = tf.step(tf.sub(x, grid.max));
    const below = tf.step(tf.sub(grid.min, x));
    const within = tf.sub(1, tf.add(above, below));
    const shares = tf.mul(tf.sub(y, x), within);
    const inner = tf.div(tf.sum(tf.mul(dy, shares)), Math.max(grid.max - grid.min, Number.MIN_VALUE));
    const sum = (side: Value) => tf.sum(tf.mul(dy, side));
    return {
      min: tf.reshape(tf.sub(sum(below), inner), [1]),
      max: tf.reshape(tf.add(sum(above), inner), [1]),
    };
  });
}

function inferenceOnly(value: Value, kind: string): Evaluated {
  const backward = () => {
    throw new Error(`${kind} has no gradient in inference mode`);
  };
  return { value, saved: [], backward };
}

/** Window size over the number of its cells that aren't padding, for each output position: turns mean of all into ours. */
function cellsPerCell({ size, strides, padding }: AvgPoolNode, input: readonly number[], output: readonly number[]) {
  const inside = (position: number, direction: 0 | 1, before: number) => {
    const start = position * strides[direction] - before;
    return Math.min(start + size[direction], input[direction + 1]) - Math.max(start, 0);
  };
  const weights = new Float32Array(output[1] * output[2]);
  for (let i = 0; i < output[1]; i++) {
    for (let j = 0; j < output[2]; j++) {
      weights[i * output[2] + j] = (size[0] * size[1]) / (inside(i, 0, padding.top) * inside(j, 1, padding.left));
    }
  }
  return weights;
}

function once<T>(compute: () => T): () => T {
  let result: { value: T } | undefined;
  return () => (result ??= { value: compute() }).value;
}
