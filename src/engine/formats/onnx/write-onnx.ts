import onnxProto from 'onnx-proto';
import { version } from '../../../../package.json';
import { gridOf, integerOf, type Grid } from '../../graph/fake-quant';
import { consumers, inputNode, type Graph } from '../../graph/graph';
import {
  dispatch,
  type Conv2dNode,
  type DenseNode,
  type DepthwiseConv2dNode,
  type FakeQuantNode,
  type Node,
  type OpTable,
  type Padding,
  type Shape,
  type Tensor,
  type WeightNode,
} from '../../graph/node';
import { weightGrids } from '../../graph/weight-quantization';
import { inferShapes } from '../../graph/shape';
import { ModelFileError } from '../model-file-error';
import { permute } from '../permute';
import { selection } from '../selection';
import { CHANNEL_PADDING, channelPaddings, type ChannelPadding } from './channel-padding';
import {
  attribute,
  Float,
  floatTensor,
  int64Tensor,
  integerTensor,
  valueInfo,
  type AttributeValue,
  type IntegerType,
} from './proto';
import { CLIPPED_RANGE } from './read-quantized';

const { onnx } = onnxProto;
const IR_VERSION = 8;
const OPSET = 13;

/**
 * The graph as an ONNX model that any runtime runs: opset 13, NCHW, batch dimension free. Batch norms stay separate, so
 * that the file can be read back and trained; runtimes fold them when they load it.
 */
export function encodeOnnx(graph: Graph): Uint8Array {
  const writer = new Writer(graph);
  for (const node of graph.nodes) dispatch(table, node, writer);
  const input = inputNode(graph);
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    opsetImport: [{ domain: '', version: OPSET }],
    producerName: 'pocketflow',
    producerVersion: version,
    graph: {
      name: graph.name,
      input: [valueInfo(input.name, channelsFirst(input.shape))],
      output: [valueInfo(writer.valueOf(graph.output), channelsFirst(writer.shapeOf(graph.output)))],
      node: writer.nodes,
      initializer: writer.initializers,
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

type Attributes = Readonly<Record<string, AttributeValue>>;
interface NodeProto {
  readonly name: string;
  readonly opType: string;
  readonly input: string[];
  readonly output: string[];
  readonly attribute: ReturnType<typeof attribute>[];
}

class Writer {
  readonly nodes: NodeProto[] = [];
  readonly initializers: ReturnType<typeof floatTensor | typeof int64Tensor | typeof integerTensor>[] = [];
  private readonly shapes: ReadonlyMap<string, Shape>;
  private readonly values = new Map<string, string>();
  /** Flattened values that are channels-first, and the `[h, w, c]` that they were. */
  private readonly flattened = new Map<string, Shape>();
  private readonly paddings: ReadonlyMap<string, ChannelPadding>;
  private readonly absorbed: ReadonlySet<string>;

  private readonly byName: ReadonlyMap<string, Node>;

  constructor(graph: Graph) {
    this.byName = new Map(graph.nodes.map((node) => [node.name, node]));
    this.shapes = inferShapes(graph);
    this.paddings = channelPaddings(graph, this.shapes);
    this.absorbed = new Set([...this.paddings.values()].flatMap(({ slice }) => slice?.name ?? []));
    for (const node of graph.nodes) {
      if (node.kind === 'flatten' && onlyDenseReads(graph, node)) this.flattened.set(node.name, this.inputShape(node));
      else if (keepsOrder(node)) this.inheritOrder(node);
    }
  }

  shapeOf(name: string): Shape {
    return this.shapes.get(name) ?? [];
  }
  inputShape(node: Node): Shape {
    return this.shapeOf(node.inputs[0]);
  }
  /** Name of the ONNX value that holds a node's output. */
  valueOf(name: string): string {
    return this.values.get(name) ?? name;
  }
  /** Lets a node's output be the value of another. */
  alias(node: Node, name: string): void {
    this.values.set(node.name, this.valueOf(name));
  }
  /** `[h, w, c]` before the flatten whose channels-first order this vector has; undefined: channels-last. */
  orderOf(name: string): Shape | undefined {
    return this.flattened.get(name);
  }

  /** What a pad does, when channels are all that it pads. */
  channelPadding(pad: string): ChannelPadding | undefined {
    return this.paddings.get(pad);
  }
  /** Whether a slice is written as part of the channel padding that follows. */
  isAbsorbed(slice: string): boolean {
    return this.absorbed.has(slice);
  }

  /** The grid that a value is on, where a fake-quant node made it and what came after only moves values about. */
  gridAt(name: string): Grid | undefined {
    const node = this.byName.get(name);
    if (node?.kind === 'fakeQuant') return gridOf(node.params.min.data[0], node.params.max.data[0], node.bits);
    const moves = node && ['flatten', 'reshape', 'maxPool', 'slice', 'pad', 'dropout'].includes(node.kind);
    return moves ? this.gridAt(node.inputs[0]) : undefined;
  }

  isRounded(name: string): boolean {
    return this.byName.get(name)?.kind === 'fakeQuant';
  }

  emit(node: Node, opType: string, values: Attributes = {}, extra: readonly string[] = []): void {
    const inputs = node.inputs.map((input) => this.valueOf(input));
    this.emitRaw(node.name, opType, [...inputs, ...extra], node.name, values);
  }
  emitRaw(name: string, opType: string, input: readonly string[], output: string, values: Attributes = {}): void {
    const attributes = Object.entries(values).map(([key, value]) => attribute(key, value));
    this.nodes.push({ name, opType, input: [...input], output: [output], attribute: attributes });
  }
  constant(name: string, tensor: Tensor): string {
    this.initializers.push(floatTensor(name, tensor));
    return name;
  }
  integer(name: string, type: IntegerType, value: number): string {
    return this.integerTensor(name, type, [], [value]);
  }
  integerTensor(name: string, type: IntegerType, shape: Shape, values: readonly number[]): string {
    this.initializers.push(integerTensor(name, type, shape, values));
    return name;
  }
  integers(name: string, values: readonly number[]): string {
    this.initializers.push(int64Tensor(name, values));
    return name;
  }

  private inheritOrder(node: Node): void {
    const order = this.orderOf(node.inputs[0]);
    if (order) this.flattened.set(node.name, order);
  }
}

/** Works value by value, whatever the order of the vector. */
function keepsOrder({ kind }: Node): boolean {
  return ['relu', 'relu6', 'leakyRelu', 'sigmoid', 'tanh', 'dropout', 'fakeQuant'].includes(kind);
}

/** Whether a flattened vector ends in dense layers alone: then their weights take up the order of its values. */
function onlyDenseReads(graph: Graph, node: Node): boolean {
  const readers = consumers(graph).get(node.name) ?? [];
  return (
    node.name !== graph.output &&
    readers.every((reader) => reader.kind === 'dense' || (keepsOrder(reader) && onlyDenseReads(graph, reader)))
  );
}

const same =
  (opType: string) =>
  (node: Node, writer: Writer): void =>
    writer.emit(node, opType);

const table: OpTable<[writer: Writer], void> = {
  input: () => undefined,
  conv2d: (node, writer) => {
    emitConv(node, writer, permute(node.params.weight, [3, 2, 0, 1]), node.groups);
  },
  depthwiseConv2d: (node, writer) => {
    const [kh, kw, channels, multiplier] = node.params.weight.shape;
    const { data } = permute(node.params.weight, [2, 3, 0, 1]);
    emitConv(node, writer, { shape: [channels * multiplier, 1, kh, kw], data }, channels);
  },
  dense: (node, writer) => {
    const { weight, bias } = node.params;
    const order = writer.orderOf(node.inputs[0]);
    const [inputs, units] = weight.shape;
    const rows = order ? permute({ shape: [...order, units], data: weight.data }, [2, 0, 1, 3]).data : weight.data;
    const extra = emitWeight(node, writer, { shape: [inputs, units], data: rows }, 1);
    if (bias) extra.push(emitBias(node, writer, bias));
    writer.emitRaw(node.name, 'Gemm', [emitVector(node, writer), ...extra], node.name);
  },
  batchNorm: (node, writer) => {
    const { gamma, beta, mean, variance } = node.params;
    const extra = Object.entries({ gamma, beta, mean, variance }).map(([param, tensor]) =>
      writer.constant(`${node.name}/${param}`, tensor),
    );
    writer.emit(
      node,
      'BatchNormalization',
      { epsilon: new Float(node.epsilon), momentum: new Float(node.momentum) },
      extra,
    );
  },
  relu: same('Relu'),
  relu6: (node, writer) => {
    const extra = [0, 6].map((bound) =>
      writer.constant(`${node.name}/${bound}`, { shape: [], data: Float32Array.of(bound) }),
    );
    writer.emit(node, 'Clip', {}, extra);
  },
  leakyRelu: (node, writer) => writer.emit(node, 'LeakyRelu', { alpha: new Float(node.alpha) }),
  sigmoid: same('Sigmoid'),
  tanh: same('Tanh'),
  softmax: (node, writer) => writer.emit(node, 'Softmax', { axis: 1 }),
  add: same('Add'),
  mul: same('Mul'),
  concat: (node, writer) => writer.emit(node, 'Concat', { axis: 1 }),
  maxPool: (node, writer) =>
    writer.emit(node, 'MaxPool', { kernel_shape: node.size, strides: node.strides, pads: pads(node.padding) }),
  avgPool: (node, writer) =>
    writer.emit(node, 'AveragePool', { kernel_shape: node.size, strides: node.strides, pads: pads(node.padding) }),
  globalAvgPool: (node, writer) => {
    if (node.keepDims) return writer.emit(node, 'GlobalAveragePool');
    const pooled = `${node.name}/pooled`;
    writer.emitRaw(pooled, 'GlobalAveragePool', [writer.valueOf(node.inputs[0])], pooled);
    writer.emitRaw(node.name, 'Flatten', [pooled], node.name, { axis: 1 });
  },
  pad: (node, writer) => {
    const padding = writer.channelPadding(node.name);
    if (padding) return emitChannelPadding(padding, writer);
    const order = channelsFirst(node.pads);
    const amounts = [0, ...order.map(([before]) => before), 0, ...order.map(([, after]) => after)];
    writer.emit(node, 'Pad', {}, [writer.integers(`${node.name}/pads`, amounts)]);
  },
  slice: (node, writer) => {
    if (writer.isAbsorbed(node.name)) return;
    const axes = channelsFirst(node.begin).map((_, d) => d + 1);
    writer.emit(node, 'Slice', {}, [
      writer.integers(`${node.name}/starts`, channelsFirst(node.begin)),
      writer.integers(`${node.name}/ends`, channelsFirst(node.end)),
      writer.integers(`${node.name}/axes`, axes),
      writer.integers(`${node.name}/steps`, channelsFirst(node.strides)),
    ]);
  },
  flatten: (node, writer) => {
    const source = writer.orderOf(node.name) ? writer.valueOf(node.inputs[0]) : channelsLast(node, writer);
    writer.emitRaw(node.name, 'Flatten', [source], node.name, { axis: 1 });
  },
  reshape: (node, writer) => {
    const source = channelsLast(node, writer);
    const image = node.shape.length === 3;
    const target = image ? `${node.name}/hwc` : node.name;
    const shape = writer.integers(`${node.name}/shape`, [0, ...node.shape]);
    writer.emitRaw(target, 'Reshape', [source, shape], target);
    if (image) writer.emitRaw(node.name, 'Transpose', [target], node.name, { perm: [0, 3, 1, 2] });
  },
  // Inference doesn't drop anything.
  dropout: (node, writer) => writer.alias(node, node.inputs[0]),
  fakeQuant: (node, writer) => emitFakeQuant(node, writer),
};

/** The value in channels-last order, transposed where it is an image. */
function channelsLast(node: Node, writer: Writer): string {
  const input = writer.valueOf(node.inputs[0]);
  if (writer.inputShape(node).length !== 3) return input;
  const name = `${node.name}/nhwc`;
  writer.emitRaw(name, 'Transpose', [input], name, { perm: [0, 2, 3, 1] });
  return name;
}

function emitConv(node: Conv2dNode | DepthwiseConv2dNode, writer: Writer, weight: Tensor, group: number): void {
  const extra = emitWeight(node, writer, weight, 0);
  if (node.params.bias) extra.push(emitBias(node, writer, node.params.bias));
  const { strides, dilations, padding } = node;
  const kernel = weight.shape.slice(2);
  writer.emit(node, 'Conv', { kernel_shape: kernel, strides, dilations, pads: pads(padding), group }, extra);
}

/**
 * The weight, as int8 integers and a scale for each output channel where it is on such grids.
 * @param axis Dimension of the output channels in `weight`.
 */
function emitWeight(node: WeightNode, writer: Writer, weight: Tensor, axis: 0 | 1): string[] {
  const name = `${node.name}/weight`;
  const { quantization, params } = node;
  if (quantization?.kind !== 'uniform' || !params.range) return [writer.constant(name, weight)];
  const grids = weightGrids(params.range.data, quantization.bits);
  const inner = weight.shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const gridAt = (i: number) => grids[(Math.floor(i / inner) % weight.shape[axis]) % grids.length];
  const integers = Array.from(weight.data, (value, i) => integerOf(value, gridAt(i)) - gridAt(i).zeroPoint);
  const scales = Float32Array.from(grids, ({ scale }) => scale || 1);
  const inputs = [
    writer.integerTensor(`${name}/integers`, 'int8', weight.shape, integers),
    writer.constant(`${name}/scale`, { shape: grids.length === 1 ? [] : [grids.length], data: scales }),
  ];
  writer.emitRaw(`${name}/dequantize`, 'DequantizeLinear', inputs, name, grids.length === 1 ? {} : { axis });
  return [name];
}

/**
 * The bias, as int32 integers of what one product of an input's and a weight's integer stands for, where both have such
 * (Jacob et al. 2018, section 2.4): without that runtimes compute the layer in floating point.
 */
function emitBias(node: WeightNode, writer: Writer, bias: Tensor): string {
  const name = `${node.name}/bias`;
  const { quantization, params } = node;
  const input = writer.gridAt(node.inputs[0]);
  if (quantization?.kind !== 'uniform' || !params.range || !input?.scale) return writer.constant(name, bias);
  const grids = weightGrids(params.range.data, quantization.bits);
  const scales = Float32Array.from(grids, ({ scale }) => input.scale * (scale || 1));
  const integers = Array.from(bias.data, (value, c) => Math.round(value / scales[c % scales.length]));
  // A channel whose weights are next to nothing may have a bias beyond what int32 holds in such steps.
  if (integers.some((value) => Math.abs(value) >= 2 ** 31)) return writer.constant(name, bias);
  const inputs = [
    writer.integerTensor(`${name}/integers`, 'int32', bias.shape, integers),
    writer.constant(`${name}/scale`, { shape: scales.length === 1 ? [] : [scales.length], data: scales }),
  ];
  writer.emitRaw(`${name}/dequantize`, 'DequantizeLinear', inputs, name, scales.length === 1 ? {} : { axis: 0 });
  return name;
}

function emitChannelPadding({ pad, slice, strides }: ChannelPadding, writer: Writer): void {
  const source = (slice ?? pad).inputs[0];
  const [inputs, outputs] = [source, pad.name].map((name) => writer.shapeOf(name)[2]);
  const matrix = permute(selection(inputs, outputs, -pad.pads[2][0]), [1, 0]);
  // The reader knows it again by this name, and gives it to the slice.
  const name = `${(slice ?? pad).name}${CHANNEL_PADDING}`;
  const weight = writer.constant(name, { shape: [outputs, inputs, 1, 1], data: matrix.data });
  writer.emitRaw(pad.name, 'Conv', [writer.valueOf(source), weight], pad.name, { kernel_shape: [1, 1], strides });
}

/**
 * What a dense layer reads. onnxruntime doesn't look through Flatten for integers, and would turn the whole weight into
 * floats at every run: so the flattened values are rounded again, to the grid that they are on already.
 */
function emitVector(node: DenseNode, writer: Writer): string {
  const source = writer.valueOf(node.inputs[0]);
  const grid = writer.gridAt(node.inputs[0]);
  if (!node.quantization || !grid?.scale || writer.isRounded(node.inputs[0])) return source;
  const name = `${node.name}/input`;
  const scale = writer.constant(`${name}/scale`, { shape: [], data: Float32Array.of(grid.scale) });
  const quantizer = [scale, writer.integer(`${name}/zeroPoint`, 'uint8', grid.zeroPoint)];
  writer.emitRaw(name, 'QuantizeLinear', [source, ...quantizer], `${name}/integers`);
  writer.emitRaw(`${name}/dequantize`, 'DequantizeLinear', [`${name}/integers`, ...quantizer], name);
  return name;
}

/** To unsigned integers and back. Those of fewer bits are in the lower part of a byte, which clipping sees to. */
function emitFakeQuant(node: FakeQuantNode, writer: Writer): void {
  const { name, bits, params } = node;
  if (bits > 8) {
    throw new ModelFileError(
      `node "${name}" rounds activations to ${bits} bits, and ONNX has no integers for more than 8`,
      'use 8 bits or fewer',
    );
  }
  const grid = gridOf(params.min.data[0], params.max.data[0], bits);
  const scalar = (param: string, value: number) =>
    writer.constant(`${name}/${param}`, { shape: [], data: Float32Array.of(value) });
  let source = writer.valueOf(node.inputs[0]);
  if (bits < 8) {
    const clipped = `${name}${CLIPPED_RANGE}`;
    writer.emitRaw(clipped, 'Clip', [source, scalar('min', grid.min), scalar('max', grid.max)], clipped);
    source = clipped;
  }
  // A range of nothing but 0 has no step; any does.
  const quantizer = [scalar('scale', grid.scale || 1), writer.integer(`${name}/zeroPoint`, 'uint8', grid.zeroPoint)];
  writer.emitRaw(name, 'QuantizeLinear', [source, ...quantizer], `${name}/integers`);
  writer.emitRaw(`${name}/dequantize`, 'DequantizeLinear', [`${name}/integers`, ...quantizer], name);
}

/** ONNX order of pads: top, left, bottom, right. */
function pads({ top, left, bottom, right }: Padding): readonly number[] {
  return [top, left, bottom, right];
}

/** `[h, w, c]` as `[c, h, w]`; a vector as it is. */
function channelsFirst<T>(shape: readonly T[]): readonly T[] {
  return shape.length === 3 ? [shape[2], shape[0], shape[1]] : shape;
}
