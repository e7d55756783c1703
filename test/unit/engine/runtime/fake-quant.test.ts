import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { gridOf, integerOf, snap, snapToChannelGrid, symmetricGrid } from '../../../../src/engine/graph/fake-quant';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { parameters, withParameters, type Graph } from '../../../../src/engine/graph/graph';
import type { FakeQuantNode } from '../../../../src/engine/graph/node';
import type { TrainingOptions } from '../../../../src/engine/runtime/executor';
import { availableExecutors } from '../../../support/executors';
import { seededNormal } from '../../../support/seeded';

type Tfjs = typeof import('@tensorflow/tfjs-node');
const require = createRequire(import.meta.url);
const executors = await availableExecutors();
const native = executors.some(({ name }) => name === 'tfjs-node');

/** Random values, some beyond the range, and every tie between two values of the grid, where roundings differ. */
function samples(min: number, max: number, scale: number): Float32Array {
  const normal = seededNormal(3);
  const ties = Array.from({ length: 300 }, (_, i) => min + (i + 0.5) * scale);
  return Float32Array.from([...ties, ...Array.from({ length: 700 }, () => (max - min) * normal()), 0, min, max]);
}

const ranges = [
  [0, 2.6454446],
  [-2.2106483, 2.9864342],
  [-0.013, 7.1],
  [-5, 0],
  [-1, 1],
] as const;
const grids = [8, 4, 3, 2].flatMap((bits) =>
  [false, true].flatMap((narrow) => ranges.map(([min, max]) => ({ bits, narrow, min, max }))),
);

describe.runIf(native)("TensorFlow's kernels", () => {
  function kernel(op: string, { bits, narrow }: { bits: number; narrow: boolean }, inputs: object[]): Float32Array {
    const tf = require('@tensorflow/tfjs-node') as Tfjs;
    // Another backend may be the current one.
    void tf.setBackend('tensorflow');
    const backend = tf.backend() as unknown as {
      binding: Record<string, number>;
      executeSingleOutput(op: string, attributes: object[], inputs: object[]): { dataSync(): Float32Array };
    };
    const attributes = [
      { name: 'num_bits', type: backend.binding.TF_ATTR_INT, value: bits },
      { name: 'narrow_range', type: backend.binding.TF_ATTR_BOOL, value: narrow },
    ];
    return backend.executeSingleOutput(op, attributes, inputs).dataSync();
  }

  it.each(grids)('round to the same bits: $bits bits, narrow $narrow, [$min, $max]', ({ bits, narrow, min, max }) => {
    const tf = require('@tensorflow/tfjs-node') as Tfjs;
    const grid = gridOf(min, max, bits, narrow);
    const x = samples(min, max, grid.scale);
    const whole = kernel('FakeQuantWithMinMaxVars', { bits, narrow }, [tf.tensor1d(x), tf.scalar(min), tf.scalar(max)]);
    const channel = kernel('FakeQuantWithMinMaxVarsPerChannel', { bits, narrow }, [
      tf.tensor2d(x, [x.length, 1]),
      tf.tensor1d([min]),
      tf.tensor1d([max]),
    ]);
    expect(x.map((value) => snap(value, grid))).toEqual(whole);
    expect(x.map((value) => snapToChannelGrid(value, grid))).toEqual(channel);
  });
});

describe('a grid', () => {
  it.each(grids)('has 0 on it, and values that stay: $bits bits, narrow $narrow, [$min, $max]', (wanted) => {
    const grid = gridOf(wanted.min, wanted.max, wanted.bits, wanted.narrow);
    expect(snap(0, grid)).toBe(0);
    for (let integer = grid.lowest; integer <= grid.highest; integer++) {
      const value = Math.fround((integer - grid.zeroPoint) * grid.scale);
      expect(snap(value, grid)).toBe(value);
      expect(snapToChannelGrid(value, grid)).toBe(value);
      expect(integerOf(value, grid)).toBe(integer);
    }
  });

  it('of weights is symmetric, with 2^bits - 1 values', () => {
    const grid = symmetricGrid(0.75, 4);
    const values = new Set(samples(-1, 1, 0.01).map((value) => snapToChannelGrid(value, grid)));
    expect([...values].sort((a, b) => a - b)).toHaveLength(15);
    expect(Math.max(...values)).toBe(-Math.min(...values));
  });

  it('of an empty range is 0 alone', () => {
    expect(snap(3, gridOf(0, 0, 8))).toBe(0);
  });
});

describe.each(executors)('fake quantization on $name', (executor) => {
  const options: TrainingOptions = {
    optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
    labelSmoothing: 0,
    weightDecay: 0,
    seed: 1,
  };
  const [min, max] = [-1, 2];

  /** `dense -> fakeQuant -> dense`, so that the fake quantization sees exactly the images through an identity. */
  function net(range: FakeQuantNode['range'], bits = 2): Graph {
    const b = new GraphBuilder('net', 1);
    const before = b.dense(b.input([3]), { name: 'before', units: 3 });
    const after = b.dense(b.fakeQuant(before, { min, max, bits, range }, 'fq'), { name: 'after', units: 2 });
    const identity = { shape: [3, 3], data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1) };
    return withParameters(b.build(after), new Map([['before/weight', identity]]));
  }
  const batch = { count: 2, images: Float32Array.of(-3, 0.4, 1.2, 5, -0.2, 1.8), labels: Int32Array.of(0, 1) };

  it('rounds to the same bits as plain code', async () => {
    const graph = net('fixed', 8);
    const grid = gridOf(min, max, 8);
    const images = samples(min, max, grid.scale).slice(0, 999);
    const program = await executor.compile(graph);
    const many = { count: 333, images, labels: new Int32Array(333) };
    const taps = await program.activations(many, ['before', 'fq']);
    expect(taps.get('fq')).toEqual(taps.get('before')?.map((value) => snap(value, grid)));
    program.dispose();
  });

  it('passes gradients within the range straight through, and none outside', async () => {
    const graph = net('fixed');
    const program = await executor.compileTraining(graph, options);
    const { gradients } = await program.gradients(batch);
    program.dispose();
    expect([...gradients.keys()].sort()).toEqual(['after/bias', 'after/weight', 'before/bias', 'before/weight']);
    // Feature 0 is outside for both samples, 1 and 2 are inside for both.
    const slope = gradients.get('before/bias')!.data;
    expect(slope[0]).toBe(0);
    expect(slope[1]).not.toBe(0);
    expect(slope[2]).not.toBe(0);
  });

  it('learns a range by the values beyond it and the rounding errors within', async () => {
    const graph = net('learned');
    const program = await executor.compileTraining(graph, options);
    const { gradients } = await program.gradients(batch);
    program.dispose();

    // The same by hand: gradient by the rounded values from the layer after, then the definition.
    const weight = parameters(graph).get('after/weight')!.data;
    const grid = gridOf(min, max, 2);
    let [byMin, byMax] = [0, 0];
    for (let n = 0; n < 2; n++) {
      const x = Array.from(batch.images.slice(3 * n, 3 * n + 3));
      const y = x.map((value) => snap(value, grid));
      const logits = [0, 1].map((c) => y.reduce((sum, value, f) => sum + value * weight[2 * f + c], 0));
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      const slopes = logits.map((logit, c) => (Math.exp(logit) / total - (c === batch.labels[n] ? 1 : 0)) / 2);
      x.forEach((value, f) => {
        const dy = slopes[0] * weight[2 * f] + slopes[1] * weight[2 * f + 1];
        if (value < grid.min) byMin += dy;
        else if (value > grid.max) byMax += dy;
        else {
          byMax += (dy * (y[f] - value)) / (max - min);
          byMin -= (dy * (y[f] - value)) / (max - min);
        }
      });
    }
    expect(gradients.get('fq/min')!.data[0]).toBeCloseTo(byMin, 5);
    expect(gradients.get('fq/max')!.data[0]).toBeCloseTo(byMax, 5);
  });

  it('lets an observed range follow what passes by, at training only', async () => {
    const graph = net('observed');
    const program = await executor.compileTraining(graph, options);
    await program.step(batch, 0.1);
    const after = await program.parameters();
    program.dispose();
    expect(after.get('fq/min')!.data[0]).toBeCloseTo(0.99 * -1 + 0.01 * -3, 5);
    expect(after.get('fq/max')!.data[0]).toBeCloseTo(0.99 * 2 + 0.01 * 5, 5);
  });
});
