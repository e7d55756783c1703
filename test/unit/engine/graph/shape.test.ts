import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { makeGraph } from '../../../../src/engine/graph/graph';
import type { Node, Tensor } from '../../../../src/engine/graph/node';
import { inferShapes } from '../../../../src/engine/graph/shape';

const tensor = (...shape: number[]): Tensor => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
const input: Node = { kind: 'input', name: 'input', inputs: [], shape: [8, 6, 4] };
const none = { top: 0, bottom: 0, left: 0, right: 0 };
const conv = {
  kind: 'conv2d',
  name: 'bad',
  inputs: ['input'],
  strides: [1, 1],
  dilations: [1, 1],
  padding: none,
  groups: 1,
  params: { weight: tensor(3, 3, 4, 5) },
} as const;
const pool = { kind: 'avgPool', name: 'bad', inputs: ['input'], size: [2, 2], strides: [2, 2], padding: none } as const;

describe('inferShapes', () => {
  it('gives windows the extent that TensorFlow and PyTorch give them', () => {
    const b = new GraphBuilder('g');
    const x = b.input([9, 8, 3]);
    const shape = (name: string) => b.shapeOf(name);
    expect(shape(b.conv2d(x, { name: 'same', filters: 2, kernel: 3, strides: 2, padding: 'same' }))).toEqual([5, 4, 2]);
    expect(shape(b.conv2d(x, { name: 'valid', filters: 2, kernel: 3, strides: 2 }))).toEqual([4, 3, 2]);
    expect(shape(b.conv2d(x, { name: 'dilated', filters: 2, kernel: 3, dilations: 2, padding: 2 }))).toEqual([9, 8, 2]);
    expect(shape(b.slice(x, { begin: [1, 0, 0], strides: [3, 2, 1] }))).toEqual([3, 4, 3]);
  });

  it.each<[string, Node, RegExp]>([
    ['an addition of one', { kind: 'add', name: 'bad', inputs: ['input'] }, /reads 1 nodes, add reads 2/],
    ['a concatenation of none', { kind: 'concat', name: 'bad', inputs: [] }, /reads 0 nodes, concat reads 1/],
    ['a weight for other channels', { ...conv, params: { weight: tensor(3, 3, 3, 5) } }, /reads 3 channels.*has 4/],
    ['a weight of the wrong rank', { ...conv, params: { weight: tensor(9, 4, 5, 1, 1) } }, /not 4 dimensions/],
    [
      'a weight that is cut off',
      { ...conv, params: { weight: { shape: [3, 3, 4, 5], data: new Float32Array(7) } } },
      /has 7 values, its shape \[3, 3, 4, 5\] needs 180/,
    ],
    ['a bias for other channels', { ...conv, params: { ...conv.params, bias: tensor(4) } }, /bias has 4 values for 5/],
    ['a stride of 0', { ...conv, strides: [0, 1] }, /strides \[0, 1\].*whole numbers from 1/],
    ['a padding below 0', { ...conv, padding: { ...none, left: -1 } }, /padding must be whole numbers from 0/],
    ['half a group', { ...conv, groups: 0.5 }, /0.5 groups don't divide/],
    ['a pool that can see padding alone', { ...pool, padding: { ...none, top: 2 } }, /2x2 window.*padding alone/],
    [
      'a pad that cuts',
      {
        kind: 'pad',
        name: 'bad',
        inputs: ['input'],
        pads: [
          [-1, 0],
          [0, 0],
          [0, 0],
        ],
      },
      /pads by/,
    ],
    ['a reshape by fractions', { kind: 'reshape', name: 'bad', inputs: ['input'], shape: [0.5, 384] }, /can't turn/],
  ])('refuses %s and names the node', (_what, node, message) => {
    const make = () => inferShapes(makeGraph('g', [input, node], 'bad'));
    expect(make).toThrow(/^node "bad": /);
    expect(make).toThrow(message);
  });
});
