import { ModelFileError } from '../model-file-error';
import type { Importer, Value } from './importer';
import { floatAttribute, type NodeProto } from './onnx-node';
import { readAveragePool, readMaxPool } from './read-pool';
import { readBatchNorm, readConv, readGemm, readMatMul } from './read-layers';
import { readFlatten, readPad, readReshape, readSlice, readSqueeze, readTranspose, readUnsqueeze } from './read-shapes';
import { readClippedRange, readQuantize } from './read-quantized';
import { readAdd, readConcat, readMul } from './read-joins';
import { intsAttribute, intAttribute } from './onnx-node';

/** Turns one ONNX node into nodes of the graph. */
export type NodeReader = (node: NodeProto, importer: Importer, opset: number) => void;

/** Adds a node that works value by value, so that whatever is known of its input's order holds for its output. */
const elementwise =
  (make: (node: NodeProto) => Parameters<Importer['add']>[0] | { kind: string }): NodeReader =>
  (node, importer) => {
    const input = importer.value(node.input[0]);
    const base = { name: importer.nameFor(node), inputs: [input.node] };
    importer.add({ ...make(node), ...base } as Parameters<Importer['add']>[0], node.output[0], input);
  };

const alias: NodeReader = (node, importer) => importer.setValue(node.output[0], importer.value(node.input[0]));

const readClip: NodeReader = (node, importer) => {
  const bound = (index: number, name: string, fallback: number) =>
    node.input[index] ? Number(importer.constant(node.input[index]).data[0]) : floatAttribute(node, name, fallback);
  const [min, max] = [bound(1, 'min', -Infinity), bound(2, 'max', Infinity)];
  if (readClippedRange(node, importer, min, max)) return;
  if (min !== 0 || (max !== 6 && max < 3e38)) {
    throw new ModelFileError(
      `node "${node.name}" clips to [${min}, ${max}]; only ReLU (from 0) and ReLU6 (from 0 to 6) are supported`,
    );
  }
  elementwise(() => ({ kind: max === 6 ? 'relu6' : 'relu' }))(node, importer, 0);
};

const readSoftmax: NodeReader = (node, importer, opset) => {
  const input = importer.value(node.input[0]);
  const rank = importer.shapeOf(input).length + 1;
  const axis = intAttribute(node, 'axis', opset < 13 ? 1 : -1);
  const at = axis < 0 ? axis + rank : axis;
  if (at !== channelAxis(input, rank)) {
    throw new ModelFileError(
      `node "${node.name}" takes a softmax over dimension ${axis}; only over channels is supported`,
    );
  }
  importer.add({ kind: 'softmax', name: importer.nameFor(node), inputs: [input.node] }, node.output[0], input);
};

const readGlobalPool: NodeReader = (node, importer) => {
  const input = importer.value(node.input[0]);
  const name = importer.nameFor(node);
  importer.add({ kind: 'globalAvgPool', name, inputs: [input.node], keepDims: true }, node.output[0], {
    layout: input.layout,
  });
};

const readReduceMean: NodeReader = (node, importer) => {
  const input = importer.value(node.input[0]);
  const axes = node.input[1] ? importer.constant(node.input[1]).data : (intsAttribute(node, 'axes') ?? []);
  const spatial = [...axes].map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
  const expected = input.layout === 'nchw' ? '2,3' : '1,2';
  if (importer.shapeOf(input).length !== 3 || spatial.join() !== expected) {
    throw new ModelFileError(
      `node "${node.name}" averages over dimensions ${spatial.join(', ')}; only over height and width is supported`,
    );
  }
  const keepDims = intAttribute(node, 'keepdims', 1) === 1;
  const name = importer.nameFor(node);
  importer.add({ kind: 'globalAvgPool', name, inputs: [input.node], keepDims }, node.output[0], {
    layout: input.layout,
  });
};

function channelAxis(value: Value, rank: number): number {
  return rank === 2 || value.layout === 'nchw' ? 1 : 3;
}

export const readers: Readonly<Record<string, NodeReader>> = {
  Add: readAdd,
  AveragePool: readAveragePool,
  BatchNormalization: readBatchNorm,
  Clip: readClip,
  Concat: readConcat,
  Conv: readConv,
  DequantizeLinear: alias,
  Dropout: alias,
  Flatten: readFlatten,
  Gemm: readGemm,
  GlobalAveragePool: readGlobalPool,
  Identity: alias,
  LeakyRelu: elementwise((node) => ({ kind: 'leakyRelu', alpha: floatAttribute(node, 'alpha', 0.01) })),
  MatMul: readMatMul,
  MaxPool: readMaxPool,
  Mul: readMul,
  Pad: readPad,
  QuantizeLinear: readQuantize,
  ReduceMean: readReduceMean,
  Relu: elementwise(() => ({ kind: 'relu' })),
  Reshape: readReshape,
  Sigmoid: elementwise(() => ({ kind: 'sigmoid' })),
  Slice: readSlice,
  Softmax: readSoftmax,
  Squeeze: readSqueeze,
  Tanh: elementwise(() => ({ kind: 'tanh' })),
  Transpose: readTranspose,
  Unsqueeze: readUnsqueeze,
};
