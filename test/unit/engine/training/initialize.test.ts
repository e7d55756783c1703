import { describe, expect, it } from 'vitest';
import { makeGraph, parameters } from '../../../../src/engine/graph/graph';
import { initialize } from '../../../../src/engine/training/initialize';

const tensor = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b)).fill(9) });
const channels = () => ({ gamma: tensor(64), beta: tensor(64), mean: tensor(64), variance: tensor(64) });
const window = { strides: [1, 1], padding: { top: 1, bottom: 1, left: 1, right: 1 }, dilations: [1, 1] } as const;
const graph = makeGraph(
  'some of each',
  [
    { kind: 'input', name: 'input', inputs: [], shape: [4, 4, 32] },
    {
      kind: 'conv2d',
      name: 'conv',
      inputs: ['input'],
      ...window,
      groups: 1,
      params: { weight: tensor(3, 3, 32, 64), bias: tensor(64) },
    },
    { kind: 'batchNorm', name: 'bn', inputs: ['conv'], epsilon: 1e-5, momentum: 0.9, params: channels() },
    { kind: 'depthwiseConv2d', name: 'dw', inputs: ['bn'], ...window, params: { weight: tensor(3, 3, 64, 1) } },
    { kind: 'flatten', name: 'flatten', inputs: ['dw'] },
    { kind: 'dense', name: 'fc', inputs: ['flatten'], params: { weight: tensor(1024, 10), bias: tensor(10) } },
  ],
  'fc',
);

function variance(values: Float32Array): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

describe('initialize', () => {
  it('is fixed by its seed', () => {
    const weight = (seed: number) => parameters(initialize(graph, seed)).get('conv/weight');
    expect(weight(1)).toEqual(weight(1));
    expect(weight(1)).not.toEqual(weight(2));
  });

  it('scales weights by the inputs of a unit', () => {
    const values = parameters(initialize(graph, 1));
    expect(variance(values.get('conv/weight')!.data) / (2 / (9 * 32))).toBeCloseTo(1, 1);
    expect(variance(values.get('dw/weight')!.data) * (9 / 2)).toBeGreaterThan(0.8);
    expect(variance(values.get('dw/weight')!.data) * (9 / 2)).toBeLessThan(1.2);
    expect(variance(values.get('fc/weight')!.data) / (2 / 1024)).toBeCloseTo(1, 1);
  });

  it('starts biases at 0 and batch norms as the identity, and keeps every shape', () => {
    const values = parameters(initialize(graph, 1));
    const expected = { 'conv/bias': 0, 'fc/bias': 0, 'bn/gamma': 1, 'bn/beta': 0, 'bn/mean': 0, 'bn/variance': 1 };
    for (const [key, value] of Object.entries(expected)) {
      expect(new Set(values.get(key)!.data), key).toEqual(new Set([value]));
    }
    for (const [key, { shape }] of parameters(graph)) expect(values.get(key)!.shape).toEqual(shape);
  });
});
