import { expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import type { Executor } from '../../../../src/engine/runtime/executor';
import { availableExecutors } from '../../../support/executors';
import { randomBatch, randomized } from '../../../support/randomized';

const STEPS = 50;
const executors = await availableExecutors();

it('keeps all executors together over fifty steps of training', async () => {
  const [first, ...others] = await Promise.all(executors.map(trained));
  for (const { name, losses, weights } of others) {
    losses.forEach((loss, i) => expect(Math.abs(loss - first.losses[i]), `${name}, step ${i}`).toBeLessThan(1e-3));
    weights.forEach((weight, i) => expect(Math.abs(weight - first.weights[i]), `${name}[${i}]`).toBeLessThan(1e-3));
  }
  expect(first.losses[STEPS - 1]).toBeLessThan(first.losses[0] / 2);
});

/** Losses of each step, and the last layer's weights after them. */
async function trained(executor: Executor) {
  const b = new GraphBuilder('net', 1);
  const conv = (x: string, name: string) => b.conv2d(x, { name, filters: 4, kernel: 3, padding: 1, bias: false });
  const start = b.relu(b.batchNorm(conv(b.input([6, 6, 2]), 'first'), { name: 'bn1' }));
  const block = b.relu(b.add(b.batchNorm(conv(start, 'second'), { name: 'bn2' }), start));
  const graph = randomized(b.build(b.dense(b.flatten(b.avgPool(block, { size: 2 })), { name: 'fc', units: 3 })), 1);
  const program = await executor.compileTraining(graph, {
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
    labelSmoothing: 0,
    weightDecay: 1e-4,
    seed: 0,
  });
  const losses: number[] = [];
  for (let i = 0; i < STEPS; i++) losses.push((await program.step(randomBatch(graph, 8, 3, i % 4), 0.02)).loss);
  const weights = [...((await program.parameters()).get('fc/weight')?.data ?? [])];
  program.dispose();
  return { name: executor.name, losses, weights };
}
