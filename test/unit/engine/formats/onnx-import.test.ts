import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { readableName } from '../../../../src/engine/formats/onnx/node-name';
import { Float } from '../../../../src/engine/formats/onnx/proto';
import { decodeOnnx } from '../../../../src/engine/formats/onnx/read-onnx';
import { inputShape } from '../../../../src/engine/graph/graph';
import { inferShapes, size } from '../../../../src/engine/graph/shape';
import { normal, onnxModel, type OnnxModel } from '../../../support/onnx-model';
import { referenceOutput } from '../../../support/reference-forward';
import { runOnnxSample } from '../../../support/run-onnx';
import { seededNormal } from '../../../support/seeded';

const { DataType } = onnxProto.onnx.TensorProto;
const largestInt64 = new Uint8Array(BigInt64Array.of(2n ** 63n - 1n).buffer);
const image = [3, 6, 5];
const conv = { w: normal(4, 3, 3, 3) };

// Models in the ways that PyTorch, tf2onnx and others write them.
const models: Readonly<Record<string, OnnxModel>> = {
  'a flatten in channels-first order before a dense layer': {
    input: image,
    nodes: [
      ['Flatten', ['x'], 'flat', { axis: 1 }],
      ['Relu', ['flat'], 'relu'],
      ['Gemm', ['relu', 'w', 'b'], 'y', { transB: 1 }],
    ],
    weights: { w: normal(7, 90), b: normal(7) },
  },
  'a reshape whose shape is computed from the input': {
    input: image,
    nodes: [
      ['Shape', ['x'], 'shape'],
      ['Gather', ['shape', 'zero'], 'batch', { axis: 0 }],
      ['Concat', ['batch', 'rest'], 'target', { axis: 0 }],
      ['Reshape', ['x', 'target'], 'flat'],
      ['MatMul', ['flat', 'w'], 'product'],
      ['Add', ['b', 'product'], 'y'],
    ],
    weights: { w: normal(90, 7), b: normal(7) },
    integers: { zero: [0], rest: [-1] },
  },
  'batch norm of a flattened image': {
    input: image,
    nodes: [
      ['Flatten', ['x'], 'flat'],
      ['BatchNormalization', ['flat', 'g', 'b', 'm', 'v'], 'bn', { epsilon: new Float(1e-3) }],
      ['MatMul', ['bn', 'w'], 'y'],
    ],
    weights: {
      ...{ g: normal(90), b: normal(90), m: normal(90), w: normal(90, 4) },
      v: { shape: [90], data: normal(90).data.map((value) => value * value + 0.5) },
    },
  },
  'a channels-last model behind a transpose': {
    input: image,
    nodes: [
      ['Conv', ['x', 'w'], 'conv', { auto_pad: 'SAME_UPPER', strides: [2, 2] }],
      ['Transpose', ['conv'], 'nhwc', { perm: [0, 2, 3, 1] }],
      ['Reshape', ['nhwc', 'shape'], 'flat'],
      ['MatMul', ['flat', 'v'], 'y'],
    ],
    weights: { ...conv, v: normal(36, 5) },
    integers: { shape: [-1, 36] },
  },
  'padding above and to the left': {
    input: image,
    nodes: [['Conv', ['x', 'w'], 'y', { auto_pad: 'SAME_LOWER', strides: [2, 2] }]],
    weights: conv,
  },
  'a convolution with groups, dilation and its bias added later': {
    input: [4, 9, 9],
    nodes: [
      ['Conv', ['x', 'w'], 'conv', { group: 2, dilations: [2, 2], pads: [1, 0, 2, 1] }],
      ['Add', ['conv', 'b'], 'y'],
    ],
    weights: { w: normal(6, 2, 3, 3), b: { ...normal(6), shape: [6, 1, 1] } },
  },
  'average pooling that counts its padding': {
    input: image,
    nodes: [
      ['AveragePool', ['x'], 'y', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], count_include_pad: 1 }],
    ],
  },
  'max pooling that rounds up': {
    input: image,
    nodes: [['MaxPool', ['x'], 'y', { kernel_shape: [3, 2], strides: [2, 2], ceil_mode: 1 }]],
  },
  'ReLU6 with its bounds as attributes': {
    input: image,
    nodes: [['Clip', ['x'], 'y', { min: new Float(0), max: new Float(6) }]],
    opset: 10,
  },
  'one slice for each dimension, to the largest number there is': {
    input: image,
    nodes: [
      ['Identity', ['largest'], 'to'],
      ['Slice', ['x', 'from', 'to', 'rows', 'two'], 'rows sliced'],
      ['Slice', ['rows sliced', 'one', 'to', 'columns', 'two'], 'sliced'],
      ['Pad', ['sliced', 'pads'], 'y'],
    ],
    integers: {
      from: [0],
      one: [1],

      rows: [2],
      columns: [3],
      two: [2],
      pads: [0, 1, 0, 0, 0, 2, 0, 0],
    },
    raw: [{ name: 'largest', dataType: DataType.INT64, dims: [1], rawData: largestInt64 }],
  },
  'a mean over height and width and a gate': {
    input: image,
    nodes: [
      ['ReduceMean', ['x'], 'mean', { axes: [-1, -2], keepdims: 1 }],
      ['Sigmoid', ['mean'], 'gate'],
      ['Mul', ['gate', 'x'], 'scaled'],
      ['ReduceMean', ['scaled'], 'y', { axes: [2, 3], keepdims: 0 }],
    ],
  },
  'weights in half precision and in typed fields': {
    input: [2],
    nodes: [
      ['Cast', ['half'], 'whole', { to: DataType.FLOAT }],
      ['MatMul', ['x', 'whole'], 'first'],
      ['MatMul', ['first', 'field'], 'y'],
    ],
    raw: [
      { name: 'half', dataType: DataType.FLOAT16, dims: [2, 2], int32Data: [0x3c00, 0xc100, 0x0001, 0x3555] },
      { name: 'field', dataType: DataType.FLOAT, dims: [2, 3], floatData: [1, -2, 0.5, 4, 0.25, -3] },
    ],
  },
};

describe('decodeOnnx', () => {
  it.each(Object.keys(models))('reads %s', async (name) => {
    const bytes = onnxModel(models[name]);
    const graph = await decodeOnnx(bytes, 'test');
    const sample = Float32Array.from({ length: size(inputShape(graph)) }, seededNormal(11));
    const expected = await runOnnxSample(bytes, sample, inputShape(graph));
    const shape = shapeOfOutput(graph, expected.length);
    const actual = channelsFirst(referenceOutput(graph, sample), shape);
    expect(actual).toHaveLength(expected.length);
    actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  });

  it('lets the convolution do the padding before it', async () => {
    const graph = await decodeOnnx(
      onnxModel({
        input: image,
        nodes: [
          ['Pad', ['x', 'pads'], 'padded'],
          ['Conv', ['padded', 'w'], 'y', { pads: [0, 1, 0, 0] }],
        ],
        weights: conv,
        integers: { pads: [0, 0, 1, 2, 0, 0, 3, 4] },
      }),
      'test',
    );
    expect(graph.nodes.map(({ kind }) => kind)).toEqual(['input', 'conv2d']);
    expect(graph.nodes[1]).toMatchObject({ padding: { top: 1, left: 3, bottom: 3, right: 4 } });
  });

  const refused: Readonly<Record<string, [model: OnnxModel, message: RegExp]>> = {
    'an operator that it does not know': [
      {
        input: image,
        nodes: [
          ['HardSwish', ['x'], 'swish'],
          ['Relu', ['swish'], 'y'],
        ],
        opset: 14,
      },
      /node "\/swish\/HardSwish" is a HardSwish, which is not supported/,
    ],
    'an image size that is open': [
      { input: [3, 0, 0], nodes: [['Relu', ['x'], 'y']] },
      /input "x" has shape \[\?, 3, \?, \?\]/,
    ],
    'an opset from the future': [
      { input: image, nodes: [['Relu', ['x'], 'y']], opset: 99 },
      /opset 99; 7 to \d+ are supported/,
    ],
    'a softmax over rows': [
      { input: image, nodes: [['Softmax', ['x'], 'y', { axis: 2 }]] },
      /node "\/y\/Softmax".*softmax over dimension 2/,
    ],
    'padding with ones': [
      {
        input: image,
        nodes: [['Pad', ['x', 'pads', 'one'], 'y']],
        weights: { one: { shape: [], data: Float32Array.of(1) } },
        integers: { pads: [0, 0, 1, 1, 0, 0, 1, 1] },
      },
      /node "\/y\/Pad" pads with 1; only zeros/,
    ],
    'a weight that is shorter than its shape': [
      {
        input: [2],
        nodes: [['MatMul', ['x', 'w'], 'y']],
        raw: [{ name: 'w', dataType: DataType.FLOAT, dims: [2, 3], floatData: [1, 2] }],
      },
      /the weight "w" has 2 values, its shape \[2, 3\] needs 6/,
    ],
    'a weight of another size than its input': [
      { input: image, nodes: [['Conv', ['x', 'w'], 'y']], weights: { w: normal(4, 2, 3, 3) } },
      /node "y".*reads 2 channels, its input has 3/,
    ],
  };
  it.each(Object.keys(refused))('names the node and the reason for %s', async (name) => {
    const [model, message] = refused[name];
    await expect(decodeOnnx(onnxModel(model), 'test')).rejects.toThrow(message);
  });
});

describe('readableName', () => {
  it.each<[path: string, opType: string, weight: string | undefined, name: string]>([
    ['/layer1/layer1.0/conv1/Conv', 'Conv', 'layer1.0.conv1.weight', 'layer1/0/conv1'],
    ['/layer1/layer1.0/conv1/Conv', 'Conv', 'onnx::Conv_193', 'layer1/0/conv1'],
    ['/layer1/layer1.0/Relu_1', 'Relu', undefined, 'layer1/0/relu_1'],
    ['/layer1/layer1.0/relu/Relu', 'Relu', undefined, 'layer1/0/relu'],
    ['/relu_1/Relu', 'Relu', undefined, 'relu_1'],
    ['/features/features.3/MaxPool', 'MaxPool', undefined, 'features/3/maxPool'],
    ['node_max_pool2d_1', 'MaxPool', undefined, 'max_pool2d_1'],
    ['Conv_0', 'Conv', '12', 'conv_0'],
    ['', 'Add', undefined, 'sum'],
  ])('%s', (path, opType, weight, name) => {
    expect(readableName({ name: path, opType, output: ['sum'] }, weight)).toBe(name);
  });
});

function shapeOfOutput(graph: Awaited<ReturnType<typeof decodeOnnx>>, length: number): readonly number[] {
  const shape = inferShapes(graph).get(graph.output) ?? [];
  return shape.length === 3 ? shape : [1, 1, length];
}

function channelsFirst(values: ArrayLike<number>, [height, width, channels]: readonly number[]): number[] {
  const area = height * width;
  return Array.from(values, (_, i) => values[(i % area) * channels + Math.floor(i / area)]);
}
