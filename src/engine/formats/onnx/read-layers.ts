import type { Tensor } from '../../graph/node';
import { ModelFileError } from '../model-file-error';
import { permute } from '../permute';
import { recognizeSelection } from '../selection';
import { CHANNEL_PADDING } from './channel-padding';
import type { Importer, Value } from './importer';
import { floatAttribute, intAttribute, type NodeProto } from './onnx-node';
import { imageInput, readWindow } from './window';

export function readConv(node: NodeProto, importer: Importer): void {
  const input = imageInput(node, importer);
  const weight = tensor(importer, node.input[1]);
  if (weight.shape.length !== 4) {
    throw new ModelFileError(
      `node "${node.name}" convolves over ${weight.shape.length - 2} dimensions; only 2 are supported`,
    );
  }
  if (readChannelPadding(node, importer, input, weight)) return;
  const [outputs, perGroup, kh, kw] = weight.shape;
  const groups = intAttribute(node, 'group', 1);
  const bias = node.input[2] ? { bias: tensor(importer, node.input[2]) } : {};
  const name = importer.nameFor(node, node.input[1]);
  const window = readWindow(node, importer.shapeOf(input), [kh, kw]);
  const base = { name, inputs: [input.node], ...window };
  const channels = importer.shapeOf(input)[2];
  if (groups > 1 && groups === channels && perGroup === 1) {
    const split = { shape: [channels, outputs / channels, kh, kw], data: weight.data };
    const params = { weight: permute(split, [2, 3, 0, 1]), ...bias };
    importer.add({ kind: 'depthwiseConv2d', ...base, params }, node.output[0]);
    return;
  }
  const params = { weight: permute(weight, [2, 3, 1, 0]), ...bias };
  importer.add({ kind: 'conv2d', ...base, groups, params }, node.output[0]);
}

/** Reads a convolution that our writer made of a sampling slice and a channel padding back as those. */
function readChannelPadding(node: NodeProto, importer: Importer, input: Value, weight: Tensor): boolean {
  const [outputs, inputs, ...kernel] = weight.shape;
  if (!node.input[1].endsWith(CHANNEL_PADDING) || kernel.join() !== '1,1') return false;
  const matrix = permute({ shape: [outputs, inputs], data: weight.data }, [1, 0]);
  const { first = 1, stride = 1 } = recognizeSelection(matrix) ?? {};
  const behind = outputs - inputs + first;
  if (first > 0 || stride !== 1 || behind < 0) return false;
  const shape = importer.shapeOf(input);
  const [sy, sx] = readWindow(node, shape, [1, 1]).strides;
  let source = input.node;
  if (sy > 1 || sx > 1) {
    source = importer.unique(node.input[1].slice(0, -CHANNEL_PADDING.length));
    importer.add(
      { kind: 'slice', name: source, inputs: [input.node], begin: [0, 0, 0], end: shape, strides: [sy, sx, 1] },
      node.input[1],
    );
  }
  const pads = [[0, 0] as const, [0, 0] as const, [-first, behind] as const];
  importer.add({ kind: 'pad', name: importer.nameFor(node), inputs: [source], pads }, node.output[0]);
  return true;
}

export function readBatchNorm(node: NodeProto, importer: Importer): void {
  const input = importer.value(node.input[0]);
  const [gamma, beta, mean, variance] = node.input
    .slice(1, 5)
    .map((name) => inChannelsLastOrder(tensor(importer, name), input, 0));
  importer.add(
    {
      kind: 'batchNorm',
      name: importer.nameFor(node, node.input[1]),
      inputs: [input.node],
      epsilon: shortest(floatAttribute(node, 'epsilon', 1e-5)),
      momentum: shortest(floatAttribute(node, 'momentum', 0.9)),
      params: { gamma, beta, mean, variance },
    },
    node.output[0],
    input,
  );
}

export function readGemm(node: NodeProto, importer: Importer): void {
  const scaled = floatAttribute(node, 'alpha', 1) !== 1 || floatAttribute(node, 'beta', 1) !== 1;
  if (scaled || intAttribute(node, 'transA', 0) === 1) {
    throw new ModelFileError(`node "${node.name}" is a Gemm with alpha, beta or transA, which is not supported`);
  }
  const weight = tensor(importer, node.input[1]);
  const matrix = intAttribute(node, 'transB', 0) === 1 ? permute(weight, [1, 0]) : weight;
  const bias = node.input[2] ? flat(tensor(importer, node.input[2])) : undefined;
  addDense(node, importer, matrix, bias);
}

export function readMatMul(node: NodeProto, importer: Importer): void {
  if (!importer.isConstant(node.input[1])) {
    throw new ModelFileError(`node "${node.name}" multiplies two computed matrices, which is not supported`);
  }
  addDense(node, importer, tensor(importer, node.input[1]), undefined);
}

function addDense(node: NodeProto, importer: Importer, weight: Tensor, bias: Tensor | undefined): void {
  const input = importer.value(node.input[0]);
  if (importer.shapeOf(input).length !== 1) {
    throw new ModelFileError(`node "${node.name}" multiplies an image by a matrix; only vectors are supported`);
  }
  const params = { weight: inChannelsLastOrder(weight, input, 0), ...(bias && { bias }) };
  const name = importer.nameFor(node, node.input[1]);
  importer.add({ kind: 'dense', name, inputs: [input.node], params }, node.output[0]);
}

/** A parameter whose dimension runs over a vector, reordered where the vector was flattened channels first. */
function inChannelsLastOrder(parameter: Tensor, { order }: Value, dimension: number): Tensor {
  if (!order) return parameter;
  const [h, w, c] = order;
  const rest = parameter.shape.slice(dimension + 1);
  const split = { shape: [c, h, w, ...rest], data: parameter.data };
  return { shape: parameter.shape, data: permute(split, [1, 2, 0, ...rest.map((_, d) => d + 3)]).data };
}

/** A constant as a float tensor. */
export function tensor(importer: Importer, name: string): Tensor {
  const { dims, data } = importer.constant(name);
  return { shape: dims, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

function flat({ data }: Tensor): Tensor {
  return { shape: [data.length], data };
}

/** The shortest decimal with the same float32 value: 0.00001 and not 0.000009999999747378752. */
function shortest(value: number): number {
  return Number(value.toPrecision(7));
}
