import { describe, expect, it } from 'vitest';
import { disChnPrunedOptions } from '../../../../src/config/learners/dis-chn-pruned';
import type { Batch } from '../../../../src/engine/data/batch';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { graphCost } from '../../../../src/engine/graph/cost';
import { parameters, withParameters, type Graph } from '../../../../src/engine/graph/graph';
import { channelGroups } from '../../../../src/engine/graph/groups';
import { disChnPruned } from '../../../../src/engine/learners/dis-chn-pruned';
import { chooseUnits } from '../../../../src/engine/learners/dis-chn-pruned/choose';
import { endOf, splitIntoParts } from '../../../../src/engine/learners/dis-chn-pruned/parts';
import { selectExecutor } from '../../../../src/engine/runtime/select';
import { buildZooModel } from '../../../../src/engine/zoo/zoo';
import { couplingGraph, couplings } from '../../../support/coupling-graphs';
import { syntheticDataset } from '../../../support/synthetic-dataset';

const { executor } = await selectExecutor({ backend: 'auto', threads: 2 });
const { signal } = new AbortController();
const context = { executor, seed: 3, signal };
const quick = { samples: 32, recalibrate: 32, multipleOf: 1, tuneSteps: 2, layerSteps: 4, residual: 'prune' };

async function prune(graph: Graph, input: object = {}) {
  const dataset = syntheticDataset({
    classes: 5,
    imageShape: [10, 9, 3],
    counts: { train: 64, validation: 16, test: 16 },
  });
  const stage = {
    learner: 'dis-chn-pruned',
    target: { metric: 'params', value: 0.7 },
    options: disChnPrunedOptions.parse({ ...quick, ...input }),
  } as unknown as Parameters<typeof disChnPruned.apply>[1];
  return disChnPruned.apply(graph, stage, { ...context, dataset, layers: [] });
}

describe('pruning by discrimination', () => {
  it.each(Object.keys(couplings))('meets its target in a model with %s', async (name) => {
    const graph = couplingGraph(name);
    const { graph: pruned } = await prune(graph);
    expect(graphCost(pruned).total.params).toBeLessThanOrEqual(0.7 * graphCost(graph).total.params);
    expect(pruned.nodes.map((node) => node.name)).toEqual(graph.nodes.map((node) => node.name));
  });

  it('gives the same candidate for the same seed', async () => {
    const graph = couplingGraph('a residual addition');
    const [first, second] = [await prune(graph), await prune(graph)];
    for (const [key, { data }] of parameters(first.graph))
      expect(parameters(second.graph).get(key)?.data).toEqual(data);
  });

  it('keeps fewer channels than the target allows when they gain too little', async () => {
    const graph = couplingGraph('a plain chain with flatten and dense');
    const [all, few] = [await prune(graph), await prune(graph, { tolerance: 0.9 })];
    expect(graphCost(few.graph).total.params).toBeLessThan(graphCost(all.graph).total.params);
  });
});

/**
 * Unit 0 is what the class shows in, small; unit 1 is loud and says nothing of it. Both pass to one output channel each of
 * the reader, which the classifier weighs alike.
 */
describe('chooseUnits', () => {
  const b = new GraphBuilder('two', 1);
  const made = b.relu(b.conv2d(b.input([2, 2, 2]), { name: 'maker', filters: 2, kernel: 1, bias: false }));
  const read = b.conv2d(made, { name: 'reader', filters: 2, kernel: 1, bias: false });
  const graph = withParameters(
    b.build(b.dense(b.globalAvgPool(read), { name: 'classifier', units: 2, bias: false })),
    new Map([
      ['maker/weight', { shape: [1, 1, 2, 2], data: Float32Array.of(1, 0, 0, 1) }],
      ['reader/weight', { shape: [1, 1, 2, 2], data: Float32Array.of(1, 0, 0, 1) }],
      ['classifier/weight', { shape: [2, 2], data: Float32Array.of(1, -1, 0.01, 0.01) }],
    ]),
  );
  const labels = Int32Array.from({ length: 16 }, (_, i) => i % 2);
  const images = Float32Array.from({ length: 16 * 8 }, (_, i) => {
    const image = Math.floor(i / 8);
    return i % 2 === 0 ? (image % 2 === 0 ? 1 : 0) : 5 + (image % 3);
  });
  const batch: Batch = { count: 16, images, labels };

  it.each([
    ['what tells classes apart', 1000, [0]],
    ['what gives the original features back', 0.001, [1]],
  ])('keeps %s as its loss says', async (_, discrimination, expected) => {
    const program = await executor.compile(graph);
    const features = await program.activations(batch, ['reader']);
    program.dispose();
    const group = channelGroups(graph).find(({ id }) => id === 'maker')!;
    const options = disChnPrunedOptions.parse({ ...quick, discrimination });
    const evidence = { images: [batch], features: [{ features }] };
    expect((await chooseUnits(graph, group, 1, evidence, options, context)).kept).toEqual(expected);
  });
});

describe('parts', () => {
  const graph = buildZooModel('resnet20', { inputShape: [32, 32, 3], classes: 10, width: 1, seed: 1 });
  const inner = channelGroups(graph).filter(({ residual }) => !residual);

  it('are as even as can be and in order', () => {
    const parts = splitIntoParts(inner, 4);
    expect(parts.map(({ length }) => length)).toEqual([2, 3, 2, 2]);
    expect(parts.flat()).toEqual(inner);
    expect(splitIntoParts(inner.slice(0, 2), 5)).toHaveLength(2);
  });

  it('end behind the addition and the activation of their last block', () => {
    const readers = splitIntoParts(inner, 3)[0].flatMap(({ consumers }) => consumers);
    const end = graph.nodes.find(({ name }) => name === endOf(graph, readers));
    expect(end?.kind).toBe('relu');
    expect(graph.nodes.find(({ name }) => name === end?.inputs[0])?.kind).toBe('add');
  });
});
