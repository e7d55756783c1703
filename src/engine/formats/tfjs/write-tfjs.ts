import { inputNode, type Graph } from '../../graph/graph';
import { dispatch, type Node, type OpTable, type Padding, type Pair, type Shape, type Tensor } from '../../graph/node';
import { resolvePadding } from '../../graph/builder';
import { inferShapes } from '../../graph/shape';
import { ModelFileError } from '../model-file-error';
import { selection } from '../selection';

const SHARD_BYTES = 4 * 1024 * 1024;

/**
 * The graph as a TF.js layers model, of standard Keras layers only: `tf.loadLayersModel` runs it and Keras can take it
 * over. Gives the files, `model.json` last.
 * @throws ModelFileError for what Keras layers can't say, such as grouped convolutions in TF.js.
 */
export function encodeTfjs(graph: Graph): readonly (readonly [file: string, contents: Uint8Array | string])[] {
  const writer = new Writer(graph);
  for (const node of graph.nodes) dispatch(table, node, writer);
  const shards = split(writer.weights);
  const paths = shards.map((_, i) => `group1-shard${i + 1}of${shards.length}.bin`);
  const model = {
    format: 'layers-model',
    generatedBy: 'pocketflow',
    convertedBy: null,
    modelTopology: {
      keras_version: '2.15.0',
      backend: 'tensorflow',
      model_config: {
        class_name: 'Model',
        config: {
          name: graph.name,
          layers: writer.layers,
          input_layers: [[inputNode(graph).name, 0, 0]],
          output_layers: [[writer.outputOf(graph.output), 0, 0]],
        },
      },
    },
    weightsManifest: [
      { paths, weights: writer.weights.map(({ name, tensor }) => ({ name, shape: tensor.shape, dtype: 'float32' })) },
    ],
  };
  return [...shards.map((bytes, i) => [paths[i], bytes] as const), ['model.json', JSON.stringify(model)]];
}

interface Weight {
  readonly name: string;
  readonly tensor: Tensor;
}

class Writer {
  readonly layers: object[] = [];
  readonly weights: Weight[] = [];
  private readonly shapes: ReadonlyMap<string, Shape>;
  private readonly byName: ReadonlyMap<string, Node>;
  private readonly outputs = new Map<string, string>();

  constructor(graph: Graph) {
    this.shapes = inferShapes(graph);
    this.byName = new Map(graph.nodes.map((node) => [node.name, node]));
  }

  /** The layer that has a node's output. */
  outputOf(node: string): string {
    return this.outputs.get(node) ?? node;
  }
  shapeOf(node: string): Shape {
    return this.shapes.get(node) ?? [];
  }
  inputShape(node: Node): Shape {
    return this.shapeOf(node.inputs[0]);
  }
  kindOf(node: string): Node['kind'] | undefined {
    return this.byName.get(node)?.kind;
  }
  setOutput(node: Node, layer: string): void {
    this.outputs.set(node.name, layer);
  }

  /** Adds a layer; without `inputs` it reads what the node does. Gives its name. */
  layer(
    className: string,
    node: Node,
    config: object,
    {
      name = node.name,
      inputs = node.inputs.map((input) => this.outputOf(input)),
    }: { name?: string; inputs?: readonly string[] } = {},
  ): string {
    const inbound = inputs.length > 0 ? [inputs.map((input) => [input, 0, 0, {}])] : [];
    this.layers.push({
      class_name: className,
      name,
      config: { name, trainable: true, dtype: 'float32', ...config },
      inbound_nodes: inbound,
    });
    return name;
  }

  weight(layer: string, param: string, tensor: Tensor | undefined): void {
    if (tensor) this.weights.push({ name: `${layer}/${param}`, tensor });
  }

  /** A layer with a window, after a ZeroPadding2D where its padding is neither of the two that Keras knows. */
  windowed(
    className: string,
    node: Extract<Node, { padding: Padding }>,
    kernel: Pair,
    dilations: Pair,
    config: object,
    padsWithZeros: boolean,
  ): string {
    const input = this.inputShape(node);
    const is = (kind: 'same' | 'valid') =>
      samePadding(node.padding, resolvePadding(kind, input, kernel, node.strides, dilations));
    if (node.strides.some((stride) => stride > 1) && dilations.some((dilation) => dilation > 1)) {
      throw new ModelFileError(
        `node "${node.name}" has strides and dilations, which TF.js can't run together`,
        'leave tfjs out of output.formats',
      );
    }
    const known = is('valid') ? 'valid' : is('same') ? 'same' : undefined;
    if (className === 'DepthwiseConv2D' && known !== 'same' && dilations.some((dilation) => dilation > 1)) {
      // TF.js (4.22) leaves the dilation out when it works out the layer's output shape.
      throw new ModelFileError(
        `node "${node.name}" is a dilated depthwise convolution, which TF.js only runs with "same" padding`,
        'leave tfjs out of output.formats',
      );
    }
    if (known) return this.layer(className, node, { ...config, padding: known });
    if (!padsWithZeros) {
      throw new ModelFileError(
        `node "${node.name}" (${node.kind}) has a padding that a TF.js layers model can't say`,
        'leave tfjs out of output.formats',
      );
    }
    const { top, bottom, left, right } = node.padding;
    const padded = this.layer(
      'ZeroPadding2D',
      node,
      {
        padding: [
          [top, bottom],
          [left, right],
        ],
        data_format: 'channels_last',
      },
      { name: `${node.name}/zeros` },
    );
    return this.layer(className, node, { ...config, padding: 'valid' }, { inputs: [padded] });
  }
}

type Write = OpTable<[writer: Writer], unknown>;

const activation =
  (name: string) =>
  (node: Node, writer: Writer): unknown =>
    writer.layer('Activation', node, { activation: name });
const simple =
  (className: string, config: object = {}) =>
  (node: Node, writer: Writer): unknown =>
    writer.layer(className, node, config);

const table: Write = {
  input: (node, writer) =>
    writer.layer('InputLayer', node, { batch_input_shape: [null, ...node.shape], sparse: false }),
  conv2d: (node, writer) => {
    if (node.groups > 1) {
      throw new ModelFileError(
        `node "${node.name}" is a grouped convolution, which TF.js layers models don't have`,
        'leave tfjs out of output.formats',
      );
    }
    const { weight, bias } = node.params;
    const kernel: Pair = [weight.shape[0], weight.shape[1]];
    const config = {
      filters: weight.shape[3],
      kernel_size: kernel,
      strides: node.strides,
      dilation_rate: node.dilations,
      data_format: 'channels_last',
      activation: 'linear',
      use_bias: bias !== undefined,
    };
    writer.windowed('Conv2D', node, kernel, node.dilations, config, true);
    writer.weight(node.name, 'kernel', weight);
    writer.weight(node.name, 'bias', bias);
  },
  depthwiseConv2d: (node, writer) => {
    const { weight, bias } = node.params;
    const kernel: Pair = [weight.shape[0], weight.shape[1]];
    const config = {
      kernel_size: kernel,
      strides: node.strides,
      dilation_rate: node.dilations,
      depth_multiplier: weight.shape[3],
      data_format: 'channels_last',
      activation: 'linear',
      use_bias: bias !== undefined,
    };
    writer.windowed('DepthwiseConv2D', node, kernel, node.dilations, config, true);
    writer.weight(node.name, 'depthwise_kernel', weight);
    writer.weight(node.name, 'bias', bias);
  },
  dense: (node, writer) => {
    const { weight, bias } = node.params;
    writer.layer('Dense', node, { units: weight.shape[1], activation: 'linear', use_bias: bias !== undefined });
    writer.weight(node.name, 'kernel', weight);
    writer.weight(node.name, 'bias', bias);
  },
  batchNorm: (node, writer) => {
    const { gamma, beta, mean, variance } = node.params;
    const { epsilon, momentum } = node;
    writer.layer('BatchNormalization', node, { axis: -1, epsilon, momentum, center: true, scale: true });
    writer.weight(node.name, 'gamma', gamma);
    writer.weight(node.name, 'beta', beta);
    writer.weight(node.name, 'moving_mean', mean);
    writer.weight(node.name, 'moving_variance', variance);
  },
  relu: simple('ReLU'),
  relu6: simple('ReLU', { max_value: 6 }),
  leakyRelu: (node, writer) => writer.layer('LeakyReLU', node, { alpha: node.alpha }),
  sigmoid: activation('sigmoid'),
  tanh: activation('tanh'),
  softmax: activation('softmax'),
  add: simple('Add'),
  mul: simple('Multiply'),
  concat: simple('Concatenate', { axis: -1 }),
  maxPool: (node, writer) => {
    const config = { pool_size: node.size, strides: node.strides, data_format: 'channels_last' };
    // Zeros never win against what a rectifier or sigmoid gives.
    const positive = ['relu', 'relu6', 'sigmoid'].includes(writer.kindOf(node.inputs[0]) ?? '');
    writer.windowed('MaxPooling2D', node, node.size, [1, 1], config, positive);
  },
  avgPool: (node, writer) => {
    const config = { pool_size: node.size, strides: node.strides, data_format: 'channels_last' };
    writer.windowed('AveragePooling2D', node, node.size, [1, 1], config, false);
  },
  globalAvgPool: (node, writer) => {
    const config = { data_format: 'channels_last' };
    if (!node.keepDims) return writer.layer('GlobalAveragePooling2D', node, config);
    const pooled = writer.layer('GlobalAveragePooling2D', node, config, { name: `${node.name}/vector` });
    return writer.layer('Reshape', node, { target_shape: writer.shapeOf(node.name) }, { inputs: [pooled] });
  },
  pad: (node, writer) => {
    let from = writer.outputOf(node.inputs[0]);
    const channels = node.pads.length - 1;
    const [before, after] = node.pads[channels];
    if (channels > 0 && node.pads.slice(0, channels).some(([a, b]) => a > 0 || b > 0)) {
      const padding = node.pads.slice(0, channels);
      from = writer.layer(
        'ZeroPadding2D',
        node,
        { padding, data_format: 'channels_last' },
        { name: `${node.name}/zeros`, inputs: [from] },
      );
    }
    if (before + after > 0) from = chooseChannels(node, writer, from, -before);
    writer.setOutput(node, from);
  },
  slice: (node, writer) => {
    let from = writer.outputOf(node.inputs[0]);
    const input = writer.inputShape(node);
    const output = writer.shapeOf(node.name);
    const channels = input.length - 1;
    if (channels > 0) {
      const crops = [0, 1].map((d) => [node.begin[d], input[d] - node.end[d]]);
      if (crops.flat().some((amount) => amount > 0)) {
        from = writer.layer(
          'Cropping2D',
          node,
          { cropping: crops, data_format: 'channels_last' },
          { name: `${node.name}/crop`, inputs: [from] },
        );
      }
      const strides = node.strides.slice(0, 2);
      if (strides.some((stride) => stride > 1)) {
        // A window of one cell takes every n-th one.
        const config = { pool_size: [1, 1], strides, padding: 'valid', data_format: 'channels_last' };
        from = writer.layer('MaxPooling2D', node, config, { name: `${node.name}/sample`, inputs: [from] });
      }
    }
    if (output[channels] !== input[channels]) from = chooseChannels(node, writer, from, node.begin[channels]);
    writer.setOutput(node, from);
  },
  flatten: simple('Flatten', { data_format: 'channels_last' }),
  reshape: (node, writer) => writer.layer('Reshape', node, { target_shape: node.shape }),
  dropout: (node, writer) => writer.layer('Dropout', node, { rate: node.rate }),
  // TF.js computes in float32 and its layers round nothing: here a quantized model has its weights alone as integers times
  // a scale. Activation('linear') is the identity that keeps the node's name.
  fakeQuant: (node, writer) => writer.layer('Activation', node, { activation: 'linear' }),
};

/** Channel padding or slicing, which Keras has no layer for, as a fixed 1 x 1 convolution or dense layer of zeros and ones. */
function chooseChannels(
  node: Extract<Node, { kind: 'pad' | 'slice' }>,
  writer: Writer,
  from: string,
  first: number,
): string {
  const input = writer.inputShape(node);
  const stride = node.kind === 'slice' ? node.strides[input.length - 1] : 1;
  const outputs = writer.shapeOf(node.name)[input.length - 1];
  const kernel = selection(input[input.length - 1], outputs, first, stride);
  const name = `${node.name}/channels`;
  const shared = { activation: 'linear', use_bias: false, trainable: false };
  if (input.length === 1) {
    writer.layer('Dense', node, { ...shared, units: outputs }, { name, inputs: [from] });
    writer.weight(name, 'kernel', kernel);
  } else {
    const window = { kernel_size: [1, 1], strides: [1, 1], padding: 'valid', data_format: 'channels_last' };
    writer.layer('Conv2D', node, { ...shared, ...window, filters: outputs }, { name, inputs: [from] });
    writer.weight(name, 'kernel', { shape: [1, 1, ...kernel.shape], data: kernel.data });
  }
  return name;
}

function samePadding(a: Padding, b: Padding): boolean {
  return a.top === b.top && a.bottom === b.bottom && a.left === b.left && a.right === b.right;
}

function split(weights: readonly Weight[]): Uint8Array[] {
  const all = Buffer.concat(
    weights.map(({ tensor: { data } }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  );
  const count = Math.max(1, Math.ceil(all.length / SHARD_BYTES));
  return Array.from({ length: count }, (_, i) => all.subarray(i * SHARD_BYTES, (i + 1) * SHARD_BYTES));
}
