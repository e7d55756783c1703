import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../../src/engine/data/batch';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { parameters, type Graph } from '../../../../src/engine/graph/graph';
import type { Tensor } from '../../../../src/engine/graph/node';
import {
  TrainingDiverged,
  type Parameters,
  type TrainingOptions,
  type TrainingProgram,
} from '../../../../src/engine/runtime/executor';
import { availableExecutors } from '../../../support/executors';
import { randomBatch, randomized } from '../../../support/randomized';

const executors = await availableExecutors();
const options: TrainingOptions = {
  optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
  labelSmoothing: 0,
  weightDecay: 1e-3,
  seed: 3,
};
const sgd = { ...options, optimizer: { kind: 'sgd', momentum: 0, nesterov: false }, weightDecay: 0 } as const;

describe.each(executors)('training on $name', (executor) => {
  const graph = net();
  const batches = Array.from({ length: 6 }, (_, i) => randomBatch(graph, 8, 3, i + 1));

  it('learns a batch by heart', async () => {
    const program = await executor.compileTraining(graph, options);
    const first = await program.step(batches[0], 0.05);
    let last = first;
    for (let i = 0; i < 60; i++) last = await program.step(batches[0], 0.05);
    expect(last.loss).toBeLessThan(first.loss / 5);
    expect(last.correct).toBeGreaterThanOrEqual(7);
    program.dispose();
  });

  it('takes a step against the gradient, with decay on weights only', async () => {
    const program = await executor.compileTraining(graph, { ...sgd, weightDecay: 0.1 });
    const { loss, gradients } = await program.gradients(batches[0]);
    const result = await program.step(batches[0], 0.5);
    const after = await program.parameters();

    expect(result.loss).toBeCloseTo(loss, 5);
    for (const [key, { data }] of parameters(graph)) {
      const gradient = gradients.get(key)?.data;
      if (!gradient) continue;
      const decay = key.endsWith('/weight') ? 0.1 : 0;
      expectClose(
        after.get(key)?.data,
        data.map((value, i) => value - 0.5 * (gradient[i] + decay * value)),
      );
    }
    program.dispose();
  });

  it('does not change what it was compiled from', async () => {
    const before = [...parameters(graph)].map(([key, { data }]) => [key, data.slice()] as const);
    const program = await executor.compileTraining(graph, options);
    const handed = await program.parameters();
    const copy = new Map([...handed].map(([key, { data }]) => [key, data.slice()]));
    await program.step(batches[0], 0.1);
    for (const [key, data] of before) expect(parameters(graph).get(key)?.data).toEqual(data);
    for (const [key, data] of copy) expect(handed.get(key)?.data).toEqual(data);
    program.dispose();
  });

  it('moves running statistics towards the batch by the momentum of the node', async () => {
    const program = await executor.compileTraining(graph, options);
    const inference = await executor.compile(graph);
    const measured = (await inference.batchStatistics(batches[0])).get('bn');
    await program.step(batches[0], 0.1);
    const after = await program.parameters();
    for (const name of ['mean', 'variance'] as const) {
      const before = parameters(graph).get(`bn/${name}`)?.data ?? new Float32Array();
      const batch = measured?.[name] ?? new Float32Array();
      expectClose(
        after.get(`bn/${name}`)?.data,
        before.map((value, c) => 0.9 * value + 0.1 * batch[c]),
      );
    }
    program.dispose();
    inference.dispose();
  });

  it.each([
    ['momentum and average', { ...options, ema: 0.9 }],
    ['Adam', { ...options, optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, clipNorm: 1 }],
    ['AdamW', { ...options, optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } }],
  ] as [string, TrainingOptions][])('goes on bit for bit from a state: %s', async (_name, choice) => {
    const whole = await executor.compileTraining(graph, choice);
    const first = await executor.compileTraining(graph, choice);
    for (const batch of batches.slice(0, 3)) {
      await whole.step(batch, 0.05);
      await first.step(batch, 0.05);
    }
    const state = await first.state();
    await first.step(batches[5], 0.05);
    first.dispose();
    const second = await executor.compileTraining(graph, choice);
    second.restore(state);
    for (const batch of batches.slice(3)) expect(await second.step(batch, 0.05)).toEqual(await whole.step(batch, 0.05));

    expect(state.step).toBe(3);
    expect(await second.state()).toEqual(await whole.state());
    expect(await second.parameters(true)).toEqual(await whole.parameters(true));
    whole.dispose();
    second.dispose();
  });

  it('refuses a state of another optimizer, and changes nothing', async () => {
    const plain = await executor.compileTraining(graph, sgd);
    const heavy = await executor.compileTraining(graph, options);
    await plain.step(batches[0], 0.1);
    const before = await heavy.state();
    expect(() => void heavy.restore({ step: 1, tensors: new Map() })).toThrow(/"parameters\/conv\/weight" is missing/);
    const state = await plain.state();
    expect(() => heavy.restore(state)).toThrow(/"momentum\/conv\/weight" is missing/);
    expect(await heavy.state()).toEqual(before);
    plain.dispose();
    heavy.dispose();
  });

  it('keeps masked weights at zero and their momentum going', async () => {
    const program = await executor.compileTraining(graph, options);
    const masked = 'fc/weight';
    const mask = maskEveryOther(parameters(graph).get(masked));
    program.setMasks(new Map([[masked, mask]]));
    for (const batch of batches) await program.step(batch, 0.05);
    const { tensors } = await program.state();
    const value = (await program.parameters()).get(masked)?.data ?? new Float32Array();
    const momentum = tensors.get(`momentum/${masked}`)?.data ?? new Float32Array();
    value.forEach((weight, i) => expect(weight === 0).toBe(mask.data[i] === 0));
    expect(momentum.every((slot) => slot !== 0)).toBe(true);

    program.setMasks(new Map());
    await program.step(batches[0], 0.05);
    const freed = (await program.parameters()).get(masked)?.data ?? new Float32Array();
    expect(freed.every((weight) => weight !== 0)).toBe(true);
    program.dispose();
  });

  it('averages parameters and statistics, and keeps masked entries zero in the average', async () => {
    const program = await executor.compileTraining(graph, { ...options, ema: 0.3 });
    const keys = ['fc/weight', 'bn/gamma', 'bn/mean'];
    const average = new Map(keys.map((key) => [key, Array.from(parameters(graph).get(key)?.data ?? [])]));
    for (const [i, batch] of batches.slice(0, 4).entries()) {
      await program.step(batch, 0.05);
      const current = await program.parameters();
      const decay = Math.min(0.3, (2 + i) / (11 + i));
      for (const [key, values] of average) {
        const fresh = current.get(key)?.data ?? [];
        average.set(
          key,
          values.map((value, j) => decay * value + (1 - decay) * fresh[j]),
        );
      }
    }
    const averages = await program.parameters(true);
    for (const [key, values] of average) expectClose(averages.get(key)?.data, values);

    const mask = maskEveryOther(parameters(graph).get('fc/weight'));
    program.setMasks(new Map([['fc/weight', mask]]));
    await program.step(batches[0], 0.05);
    const masked = (await program.parameters(true)).get('fc/weight')?.data ?? new Float32Array();
    masked.forEach((value, i) => expect(value === 0).toBe(mask.data[i] === 0));
    program.dispose();
  });

  it('clips by the global norm', async () => {
    const clipNorm = 0.01;
    const program = await executor.compileTraining(graph, { ...sgd, clipNorm });
    await program.step(batches[0], 1);
    const moved = await distance(program, parameters(graph));
    expect(moved).toBeCloseTo(clipNorm, 5);
    program.dispose();
  });

  it('drops other values at each step, the same ones in another process with the seed', async () => {
    const dropping = net(0.5);
    const run = async (seed: number): Promise<number[]> => {
      const program = await executor.compileTraining(dropping, { ...options, seed });
      const losses: number[] = [];
      for (let i = 0; i < 3; i++) losses.push((await program.step(batches[0], 0)).loss);
      program.dispose();
      return losses;
    };
    const losses = await run(3);
    expect(new Set(losses).size).toBe(3);
    expect(await run(3)).toEqual(losses);
    expect(await run(4)).not.toEqual(losses);
  });

  it('trains a model that ends in softmax on its logits', async () => {
    const program = await executor.compileTraining(net(0, true), options);
    const logits = await executor.compileTraining(graph, options);
    expect(await program.step(batches[0], 0.1)).toEqual(await logits.step(batches[0], 0.1));
    program.dispose();
    logits.dispose();
  });

  it('says that training diverged, and at which step, with parameters as they were', async () => {
    const program = await executor.compileTraining(graph, sgd);
    await program.step(batches[0], 0.1);
    const fine = await program.parameters();
    const broken: Batch = { ...batches[0], images: batches[0].images.map(() => NaN) };
    const failure = program.step(broken, 0.1);
    await expect(failure).rejects.toBeInstanceOf(TrainingDiverged);
    await expect(failure).rejects.toMatchObject({ step: 1 });
    expect(await program.parameters()).toEqual(fine);
    program.dispose();
  });

  it('refuses masks, parameters and frozen names that fit nothing', async () => {
    const program = await executor.compileTraining(graph, options);
    const short: Parameters = new Map([['fc/weight', { shape: [1], data: new Float32Array(1) }]]);
    const unknown: Parameters = new Map([['nope/weight', { shape: [1], data: new Float32Array(1) }]]);
    expect(() => program.setMasks(short)).toThrow(/"fc\/weight" has 1 numbers/);
    expect(() => program.setParameters(unknown)).toThrow(/"nope\/weight" fits no parameter/);
    program.dispose();
    const frozen = new Set(['nope/weight']);
    await expect(executor.compileTraining(graph, { ...options, frozen })).rejects.toThrow(/"nope\/weight"/);
    const b = new GraphBuilder('image');
    const image = b.build(b.relu(b.input([2, 2, 1])));
    await expect(executor.compileTraining(image, options)).rejects.toThrow(/\[2, 2, 1\]/);
  });
});

function net(dropout = 0, softmax = false): Graph {
  const b = new GraphBuilder('net', 1);
  const conv = b.conv2d(b.input([6, 6, 2]), { name: 'conv', filters: 4, kernel: 3, padding: 1 });
  const shortcut = b.relu(b.batchNorm(conv, { name: 'bn' }));
  const added = b.add(b.depthwiseConv2d(shortcut, { name: 'dw', kernel: 3, padding: 'same' }), shortcut);
  const features = b.flatten(b.maxPool(added, { size: 2 }));
  const logits = b.dense(dropout > 0 ? b.dropout(features, dropout) : features, { name: 'fc', units: 3 });
  return randomized(b.build(softmax ? b.softmax(logits) : logits), 1);
}

function maskEveryOther(tensor: Tensor | undefined): Tensor {
  if (!tensor) throw new Error('no such parameter');
  return { shape: tensor.shape, data: tensor.data.map((_, i) => i % 2) };
}

/** Length of the way that the trainable parameters have come. */
async function distance(program: TrainingProgram, start: Parameters): Promise<number> {
  let squares = 0;
  for (const [key, { data }] of await program.parameters()) {
    if (/\/(mean|variance)$/.test(key)) continue;
    data.forEach((value, i) => (squares += (value - (start.get(key)?.data[i] ?? NaN)) ** 2));
  }
  return Math.sqrt(squares);
}

function expectClose(actual: ArrayLike<number> | undefined, wanted: ArrayLike<number>): void {
  expect(actual?.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(actual?.[i]).toBeCloseTo(wanted[i], 4);
}
