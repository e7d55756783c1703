import type { GraphBuilder } from '../../src/engine/graph/builder';
import type { OpKind, Shape } from '../../src/engine/graph/node';

export interface OpCase {
  readonly name: string;
  readonly kind: OpKind;
  /** Shape of the input; `[6, 5, 4]` when absent. */
  readonly input?: Shape;
  /** Adds the op (and what it needs beside it) to `b`, reading `x`, and gives the name of the last node. */
  readonly build: (b: GraphBuilder, x: string) => string;
}

const uneven = { top: 0, bottom: 1, left: 2, right: 0 };

/** Every op, in each form that an executor has to treat in its own way. */
export const opCases: readonly OpCase[] = [
  conv('3x3', { kernel: 3 }),
  conv('1x1 without bias', { kernel: 1, bias: false }),
  conv('same', { kernel: 3, padding: 'same' }),
  conv('same, stride 2', { kernel: 3, padding: 'same', strides: 2 }),
  conv('padding 1, stride 2 on an even extent', { kernel: 3, padding: 1, strides: 2 }),
  conv('stride 2 that leaves cells out', { kernel: 2, strides: [3, 2] }),
  conv('1x1, stride 2', { kernel: 1, strides: 2 }),
  conv('uneven padding', { kernel: [3, 2], padding: uneven }),
  conv('padding wider than the kernel', { kernel: 2, padding: 2 }),
  conv('dilation', { kernel: 2, dilations: [2, 3], padding: 1 }),
  conv('groups', { kernel: 3, groups: 2, padding: 1 }),
  conv('groups, stride and dilation', { kernel: 2, groups: 4, strides: 2, dilations: 2, padding: 'same' }),
  depthwise('3x3', { kernel: 3 }),
  depthwise('same, stride 2', { kernel: 3, padding: 'same', strides: 2 }),
  depthwise('padding 1, stride 2 on an even extent', { kernel: 3, padding: 1, strides: 2, bias: false }),
  depthwise('multiplier', { kernel: 2, multiplier: 3 }),
  depthwise('dilation', { kernel: 2, dilations: 2, padding: uneven }),
  depthwise('multiplier and stride', { kernel: 3, multiplier: 2, strides: 2, padding: 'same' }),
  { name: 'dense', kind: 'dense', input: [7], build: (b, x) => b.dense(x, { name: 'op', units: 5 }) },
  {
    name: 'dense without bias',
    kind: 'dense',
    input: [7],
    build: (b, x) => b.dense(x, { name: 'op', units: 5, bias: false }),
  },
  { name: 'batchNorm of an image', kind: 'batchNorm', build: (b, x) => b.batchNorm(x, { name: 'op' }) },
  {
    name: 'batchNorm of features',
    kind: 'batchNorm',
    input: [7],
    build: (b, x) => b.batchNorm(x, { name: 'op', epsilon: 0.01 }),
  },
  { name: 'relu', kind: 'relu', build: (b, x) => b.relu(x) },
  { name: 'relu6', kind: 'relu6', build: (b, x) => b.relu6(b.conv2d(x, { name: 'wide', filters: 4, kernel: 6 - 1 })) },
  { name: 'leakyRelu', kind: 'leakyRelu', build: (b, x) => b.leakyRelu(x, 0.2) },
  { name: 'sigmoid', kind: 'sigmoid', build: (b, x) => b.sigmoid(x) },
  { name: 'tanh', kind: 'tanh', build: (b, x) => b.tanh(x) },
  { name: 'softmax', kind: 'softmax', build: (b, x) => b.softmax(x) },
  { name: 'add', kind: 'add', build: (b, x) => b.add(b.tanh(x), x) },
  { name: 'add of a value to itself', kind: 'add', build: (b, x) => b.add(x, x) },
  { name: 'mul', kind: 'mul', build: (b, x) => b.mul(b.tanh(x), x) },
  { name: 'mul by a channel gate', kind: 'mul', build: (b, x) => b.mul(x, b.sigmoid(b.globalAvgPool(x, true))) },
  { name: 'concat', kind: 'concat', build: (b, x) => b.concat([b.tanh(x), x, b.slice(x, { end: [6, 5, 1] })]) },
  { name: 'concat of features', kind: 'concat', input: [7], build: (b, x) => b.concat([b.tanh(x), x]) },
  { name: 'maxPool', kind: 'maxPool', build: (b, x) => b.maxPool(x, { size: 2 }) },
  {
    name: 'maxPool, overlapping and padded',
    kind: 'maxPool',
    build: (b, x) => b.maxPool(x, { size: 3, strides: 2, padding: 1 }),
  },
  { name: 'maxPool of one cell', kind: 'maxPool', build: (b, x) => b.maxPool(x, { size: 1, strides: 2 }) },
  { name: 'avgPool', kind: 'avgPool', build: (b, x) => b.avgPool(x, { size: 2 }) },
  {
    name: 'avgPool, overlapping and padded',
    kind: 'avgPool',
    build: (b, x) => b.avgPool(x, { size: [3, 2], strides: [2, 1], padding: { ...uneven, left: 1 } }),
  },
  { name: 'globalAvgPool', kind: 'globalAvgPool', build: (b, x) => b.globalAvgPool(x) },
  { name: 'globalAvgPool that keeps dimensions', kind: 'globalAvgPool', build: (b, x) => b.globalAvgPool(x, true) },
  {
    name: 'pad',
    kind: 'pad',
    build: (b, x) =>
      b.pad(x, [
        [1, 0],
        [0, 2],
        [3, 1],
      ]),
  },
  {
    name: 'slice',
    kind: 'slice',
    build: (b, x) => b.slice(x, { begin: [1, 0, 1], end: [6, 5, 4], strides: [2, 3, 1] }),
  },
  { name: 'slice of every other pixel', kind: 'slice', build: (b, x) => b.slice(x, { strides: [2, 2, 1] }) },
  {
    name: 'slice of every other pixel of odd extents',
    kind: 'slice',
    input: [5, 5, 4],
    build: (b, x) => b.slice(x, { strides: [2, 2, 1] }),
  },
  {
    name: 'slice by strides of odd extents in all dimensions',
    kind: 'slice',
    input: [5, 5, 5],
    build: (b, x) => b.slice(x, { strides: [2, 3, 2] }),
  },
  { name: 'slice without strides', kind: 'slice', build: (b, x) => b.slice(x, { begin: [1, 2, 0], end: [5, 5, 3] }) },
  { name: 'slice of features', kind: 'slice', input: [7], build: (b, x) => b.slice(x, { begin: [1], strides: [2] }) },
  { name: 'slice of channels', kind: 'slice', build: (b, x) => b.slice(x, { begin: [0, 0, 1], strides: [1, 1, 2] }) },
  { name: 'flatten', kind: 'flatten', build: (b, x) => b.flatten(x) },
  { name: 'reshape', kind: 'reshape', build: (b, x) => b.reshape(x, [5, 12, 2]) },
  { name: 'fakeQuant', kind: 'fakeQuant', build: (b, x) => b.fakeQuant(x, { min: -1.5, max: 2.2 }) },
  {
    name: 'fakeQuant, 4 bits, from 0',
    kind: 'fakeQuant',
    build: (b, x) => b.fakeQuant(x, { min: 0, max: 2, bits: 4 }),
  },
  { name: 'dropout', kind: 'dropout', build: (b, x) => b.dropout(x, 0.4) },
];

function conv(name: string, options: Omit<Parameters<GraphBuilder['conv2d']>[1], 'name' | 'filters'>): OpCase {
  return {
    name: `conv2d ${name}`,
    kind: 'conv2d',
    build: (b, x) => b.conv2d(x, { name: 'op', filters: 8, ...options }),
  };
}

function depthwise(name: string, options: Omit<Parameters<GraphBuilder['depthwiseConv2d']>[1], 'name'>): OpCase {
  return {
    name: `depthwiseConv2d ${name}`,
    kind: 'depthwiseConv2d',
    build: (b, x) => b.depthwiseConv2d(x, { name: 'op', ...options }),
  };
}
