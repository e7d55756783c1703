import type { Tensor } from '../../graph/node';
import type { KerasImporter } from './keras-importer';
import { recognizeSelection } from '../selection';

/** Turns the layer at hand into nodes of the graph. */
export type LayerReader = (importer: KerasImporter) => void;

const none = { top: 0, bottom: 0, left: 0, right: 0 };

function filled(length: number, value: number): Tensor {
  return { shape: [length], data: new Float32Array(length).fill(value) };
}

const readInput: LayerReader = (importer) => {
  const { config } = importer;
  const shape = config.numbers('batch_input_shape');
  // The batch dimension is null, so only the others are numbers.
  if (shape.length !== 1 && shape.length !== 3) {
    throw config.error(
      'needs an input shape [height, width, channels] of known numbers',
      'save the model with a fixed image size',
    );
  }
  importer.add({ kind: 'input', name: config.name, inputs: [], shape });
};

const readConv: LayerReader = (importer) => {
  const { config, inputs } = importer;
  if (config.number('groups', 1) !== 1) throw config.error('has groups, which TF.js layers models do not run');
  const weight = importer.weight('kernel');
  if (readSelection(importer, weight)) return;
  const [kh, kw] = weight.shape;
  const window = importer.window([kh, kw], config.pair('strides', 1));
  const params = { weight, ...importer.bias() };
  importer.activate(importer.add({ kind: 'conv2d', name: config.name, inputs, ...window, groups: 1, params }));
};

/** A fixed convolution that only pads or slices channels, as the writer makes them. */
function readSelection(importer: KerasImporter, weight: Tensor): boolean {
  const { config, inputs } = importer;
  const [channels, outputs] = weight.shape.slice(-2);
  const plain =
    weight.shape.slice(0, -2).every((extent) => extent === 1) && config.pair('strides', 1).every((s) => s === 1);
  if (config.flag('trainable', true) || config.flag('use_bias', true) || !plain) return false;
  const found = recognizeSelection({ shape: [channels, outputs], data: weight.data });
  if (!found) return false;
  const shape = importer.inputShape;
  const { first, stride } = found;
  const last = first + (outputs - 1) * stride;
  if (first >= 0 && last < channels) {
    const begin = shape.map((_, d) => (d === shape.length - 1 ? first : 0));
    const end = shape.map((extent, d) => (d === shape.length - 1 ? last + 1 : extent));
    const strides = shape.map((_, d) => (d === shape.length - 1 ? stride : 1));
    importer.add({ kind: 'slice', name: config.name, inputs, begin, end, strides });
    return true;
  }
  if (stride !== 1 || first > 0 || last < channels - 1) return false;
  const pads = shape.map((_, d): [number, number] => (d === shape.length - 1 ? [-first, last + 1 - channels] : [0, 0]));
  importer.add({ kind: 'pad', name: config.name, inputs, pads });
  return true;
}

const readDepthwise: LayerReader = (importer) => {
  const { config, inputs } = importer;
  const weight = importer.weight('depthwise_kernel');
  const window = importer.window([weight.shape[0], weight.shape[1]], config.pair('strides', 1));
  const params = { weight, ...importer.bias() };
  importer.activate(importer.add({ kind: 'depthwiseConv2d', name: config.name, inputs, ...window, params }));
};

const readSeparable: LayerReader = (importer) => {
  const { config, inputs } = importer;
  const depthwise = importer.weight('depthwise_kernel');
  const window = importer.window([depthwise.shape[0], depthwise.shape[1]], config.pair('strides', 1));
  const dw = importer.add({
    ...{ kind: 'depthwiseConv2d', name: `${config.name}/depthwise`, inputs },
    ...{ ...window, params: { weight: depthwise } },
  });
  const params = { weight: importer.weight('pointwise_kernel'), ...importer.bias() };
  const one = { strides: [1, 1], dilations: [1, 1], padding: none, groups: 1 } as const;
  importer.activate(importer.add({ kind: 'conv2d', name: config.name, inputs: [dw], ...one, params }));
};

const readDense: LayerReader = (importer) => {
  const { config, inputs } = importer;
  const weight = importer.weight('kernel');
  if (readSelection(importer, weight)) return;
  importer.activate(importer.add({ kind: 'dense', name: config.name, inputs, params: { weight, ...importer.bias() } }));
};

const readBatchNorm: LayerReader = (importer) => {
  const { config, inputs } = importer;
  const mean = importer.weight('moving_mean');
  const [channels] = mean.shape;
  importer.add({
    kind: 'batchNorm',
    name: config.name,
    inputs,
    epsilon: config.number('epsilon', 1e-3),
    momentum: config.number('momentum', 0.99),
    params: {
      gamma: config.flag('scale', true) ? importer.weight('gamma') : filled(channels, 1),
      beta: config.flag('center', true) ? importer.weight('beta') : filled(channels, 0),
      mean,
      variance: importer.weight('moving_variance'),
    },
  });
};

const readRelu: LayerReader = (importer) => {
  const { config, inputs } = importer;
  const slope = config.number('negative_slope', 0);
  const max = config.has('max_value') ? config.number('max_value', 0) : undefined;
  if (config.number('threshold', 0) !== 0 || (max !== undefined && (max !== 6 || slope !== 0))) {
    throw config.error('has a threshold or maximum that is not supported; max_value may be 6');
  }
  if (slope !== 0) importer.add({ kind: 'leakyRelu', name: config.name, inputs, alpha: slope });
  else importer.add({ kind: max === 6 ? 'relu6' : 'relu', name: config.name, inputs });
};

const readMaxPool: LayerReader = (importer) => {
  const { config, inputs } = importer;
  const size = config.pair('pool_size', 2);
  const { strides, padding } = importer.window(size, config.has('strides') ? config.pair('strides', 2) : size);
  if (size.every((extent) => extent === 1)) {
    // A window of one cell is a strided slice; the writer makes slices so.
    const shape = importer.inputShape;
    importer.add({
      kind: 'slice',
      name: config.name,
      inputs,
      begin: shape.map(() => 0),
      end: shape,
      strides: [...strides, 1],
    });
    return;
  }
  importer.add({ kind: 'maxPool', name: config.name, inputs, size, strides, padding });
};

const readAveragePool: LayerReader = (importer) => {
  const { config, inputs } = importer;
  const size = config.pair('pool_size', 2);
  const { strides, padding } = importer.window(size, config.has('strides') ? config.pair('strides', 2) : size);
  importer.add({ kind: 'avgPool', name: config.name, inputs, size, strides, padding });
};

const readCrop: LayerReader = (importer) => {
  const { config, inputs, inputShape } = importer;
  const [rows, columns] = config.sides('cropping');
  const begin = [rows[0], columns[0], 0];
  const end = [inputShape[0] - rows[1], inputShape[1] - columns[1], inputShape[2]];
  importer.add({ kind: 'slice', name: config.name, inputs, begin, end, strides: [1, 1, 1] });
};

/** Keras joins any number of inputs, the graph two at a time. */
function joinPairs(importer: KerasImporter, kind: 'add' | 'mul'): void {
  const { config, inputs } = importer;
  inputs.slice(1).reduce((left, right, i) => {
    const name = i === inputs.length - 2 ? config.name : `${config.name}/${i + 1}`;
    return importer.add({ kind, name, inputs: [left, right] });
  }, inputs[0]);
}

export const layerReaders: Readonly<Record<string, LayerReader>> = {
  Activation: (importer) => {
    if (importer.config.text('activation', 'linear') === 'linear') importer.passOn();
    else importer.activate(importer.inputs[0]);
  },
  Add: (importer) => joinPairs(importer, 'add'),
  AveragePooling2D: readAveragePool,
  BatchNormalization: readBatchNorm,
  Concatenate: (importer) => {
    const axis = importer.config.number('axis', -1);
    if (axis !== -1 && axis !== importer.inputShape.length)
      throw importer.config.error(`joins along axis ${axis}; only channels are supported`);
    importer.add({ kind: 'concat', name: importer.config.name, inputs: importer.inputs });
  },
  Conv2D: readConv,
  Cropping2D: readCrop,
  Dense: readDense,
  DepthwiseConv2D: readDepthwise,
  Dropout: (importer) => {
    const { config, inputs } = importer;
    importer.add({ kind: 'dropout', name: config.name, inputs, rate: config.number('rate', 0) });
  },
  Flatten: (importer) => void importer.add({ kind: 'flatten', name: importer.config.name, inputs: importer.inputs }),
  GlobalAveragePooling2D: (importer) => {
    const { config, inputs } = importer;
    importer.add({ kind: 'globalAvgPool', name: config.name, inputs, keepDims: config.flag('keepdims', false) });
  },
  InputLayer: readInput,
  LeakyReLU: (importer) => {
    const { config, inputs } = importer;
    const alpha = config.number('alpha', config.number('negative_slope', 0.3));
    importer.add({ kind: 'leakyRelu', name: config.name, inputs, alpha });
  },
  MaxPooling2D: readMaxPool,
  Multiply: (importer) => joinPairs(importer, 'mul'),
  ReLU: readRelu,
  Reshape: (importer) => {
    const { config, inputs, inputShape } = importer;
    const total = inputShape.reduce((product, extent) => product * extent, 1);
    const shape = config.numbers('target_shape');
    const known = shape.reduce((product, extent) => (extent < 0 ? product : product * extent), 1);
    importer.add({
      kind: 'reshape',
      name: config.name,
      inputs,
      shape: shape.map((extent) => (extent < 0 ? total / known : extent)),
    });
  },
  SeparableConv2D: readSeparable,
  Softmax: (importer) => void importer.add({ kind: 'softmax', name: importer.config.name, inputs: importer.inputs }),
  ZeroPadding2D: (importer) => {
    const [rows, columns] = importer.config.sides('padding');
    importer.add({ kind: 'pad', name: importer.config.name, inputs: importer.inputs, pads: [rows, columns, [0, 0]] });
  },
};
