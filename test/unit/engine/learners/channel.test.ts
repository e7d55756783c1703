import { describe, expect, it } from 'vitest';
import { channelOptions } from '../../../../src/config/learners/channel';
import type { LayerRule, TargetPlan } from '../../../../src/config/plan';
import { graphCost } from '../../../../src/engine/graph/cost';
import { parameters, withParameters, type Graph } from '../../../../src/engine/graph/graph';
import type { Tensor } from '../../../../src/engine/graph/node';
import { decideUniform, pruneChannels } from '../../../../src/engine/learners/channel/channel';
import { selectExecutor } from '../../../../src/engine/runtime/select';
import { couplingGraph, couplings } from '../../../support/coupling-graphs';
import { referenceOutput } from '../../../support/reference-forward';
import { syntheticDataset } from '../../../support/synthetic-dataset';

const { executor } = await selectExecutor({ backend: 'auto', threads: 2 });
const dataset = syntheticDataset({
  classes: 5,
  imageShape: [10, 9, 3],
  counts: { train: 128, validation: 16, test: 16 },
});
const signal = new AbortController().signal;
const context = { executor, dataset, seed: 3, signal };
const half: TargetPlan = { metric: 'flops', value: 0.5 };

const widths = (graph: Graph) =>
  Object.fromEntries(graphCost(graph).layers.map(({ name, shape }) => [name, shape.at(-1)]));
const share = (pruned: Graph, original: Graph, key: 'flops' | 'params' | 'bytes') =>
  graphCost(pruned).total[key] / graphCost(original).total[key];

async function prune(graph: Graph, input: object = {}, target: TargetPlan | null = half, layers: LayerRule[] = []) {
  const options = channelOptions.parse({ samples: 64, recalibrate: 64, residual: 'prune', multipleOf: 1, ...input });
  return pruneChannels(graph, decideUniform(graph, target ?? undefined, options, layers), options, context);
}

/** Mean squared difference of the outputs on validation images, relative to the original's. */
async function outputError(pruned: Graph, original: Graph): Promise<number> {
  let [error, energy] = [0, 0];
  for await (const batch of dataset.batches('validation', { batchSize: 1 })) {
    const expected = referenceOutput(original, batch.images);
    referenceOutput(pruned, batch.images).forEach((value, i) => {
      error += (value - expected[i]) ** 2;
      energy += expected[i] ** 2;
    });
  }
  return error / energy;
}

describe.each(Object.keys(couplings))('a model with %s', (name) => {
  it.each(['obs', 'lasso', 'magnitude'])('meets its target with %s selection', async (selection) => {
    const graph = couplingGraph(name);
    const { graph: pruned } = await prune(graph, { selection }, { metric: 'params', value: 0.7 });
    expect(share(pruned, graph, 'params')).toBeLessThanOrEqual(0.7);
  });
});

describe('pruneChannels', () => {
  const graph = couplingGraph('a plain chain with flatten and dense');

  it('gives the same candidate for the same seed', async () => {
    const [first, second] = [await prune(graph), await prune(graph)];
    for (const [key, tensor] of parameters(first.graph)) {
      expect(parameters(second.graph).get(key)?.data).toEqual(tensor.data);
    }
  });

  it('comes nearer to the original outputs with reconstruction than without', async () => {
    const fitted = await outputError((await prune(graph)).graph, graph);
    const cut = await outputError((await prune(graph, { reconstruct: false })).graph, graph);
    expect(fitted).toBeLessThan(0.7 * cut);
  });

  it('removes nothing of the function when half of the channels are copies', async () => {
    const doubled = withCopies(couplingGraph('a residual addition'), 'block/conv1');
    const { graph: pruned } = await prune(doubled, { samples: 128, recalibrate: 0 }, null, [
      { pattern: 'block/conv1', keep: 0.6 },
    ]);
    expect(widths(pruned)['block/conv1']).toBe(3);
    expect(await outputError(pruned, doubled)).toBeLessThan(1e-2);
  });

  it('reports the error of each layer that it fitted', async () => {
    const { errors } = await prune(graph);
    expect([...errors.keys()]).toEqual(['b', 'd', 'fc']);
    for (const error of errors.values()) {
      expect(error).toBeGreaterThanOrEqual(0);
      expect(error).toBeLessThan(1);
    }
  });

  it('stops at once when it is told to', async () => {
    const abort = AbortSignal.abort(new Error('enough'));
    const options = channelOptions.parse({ samples: 64 });
    const decision = decideUniform(graph, half, options, []);
    await expect(pruneChannels(graph, decision, options, { ...context, signal: abort })).rejects.toThrow('enough');
  });
});

describe('decideUniform', () => {
  const graph = couplingGraph('a residual addition');
  const options = (input: object = {}) => channelOptions.parse({ residual: 'prune', multipleOf: 1, ...input });
  const counts = (...args: Parameters<typeof decideUniform>) => Object.fromEntries(decideUniform(...args).counts);

  it('leaves residual channels alone when asked to', () => {
    expect(counts(graph, { metric: 'flops', value: 0.8 }, options({ residual: 'keep' }), []).stem).toBe(6);
  });

  it('follows the ratios given for layers, and skips layers', () => {
    const keep = { pattern: 'block/conv1', keep: 0.4 };
    expect(counts(graph, undefined, options(), [keep])).toEqual({ stem: 6, 'block/conv1': 2 });
    const skip = { pattern: 'block/conv1', skip: true };
    expect(counts(graph, undefined, options(), [keep, skip])).toEqual({ stem: 6, 'block/conv1': 5 });
  });

  it('gives coupled layers one count', () => {
    expect(counts(graph, undefined, options(), [{ pattern: 'block/conv2', keep: 0.5 }]).stem).toBe(3);
  });

  it('keeps counts divisible', () => {
    const wide = couplingGraph('a channel gate');
    for (const [id, count] of decideUniform(wide, half, options({ multipleOf: 4 }), []).counts) {
      expect([id, count % 4]).toEqual([id, 0]);
    }
  });

  it('says how small the model can get when the target is out of reach', () => {
    expect(() => counts(graph, { metric: 'flops', value: 0.01 }, options(), [])).toThrow(
      /target\.flops 0\.01 can't be reached: .* keeps 0\.\d+/,
    );
  });
});

/** The model with the second half of a layer's filters, and their batch norms, equal to the first. */
function withCopies(graph: Graph, layer: string): Graph {
  const copied = new Map<string, Tensor>();
  for (const [key, { shape, data }] of parameters(graph)) {
    if (!key.startsWith(`${layer}/`)) continue;
    const channels = shape[shape.length - 1];
    const half = Math.ceil(channels / 2);
    copied.set(key, { shape, data: data.map((value, i) => (i % channels < half ? value : data[i - half])) });
  }
  return withParameters(graph, copied);
}
