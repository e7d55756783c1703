import { describe, expect, it } from 'vitest';
import { uniformOptions } from '../../../../src/config/learners/uniform';
import { foldBatchNorms } from '../../../../src/engine/graph/edits/fold-batch-norms';
import { snapToChannelGrid, symmetricGrid } from '../../../../src/engine/graph/fake-quant';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { parameters, withParameters, type Graph } from '../../../../src/engine/graph/graph';
import { roundAdaptively } from '../../../../src/engine/learners/rounding/adaptive-rounding';
import { refineOnImages } from '../../../../src/engine/learners/rounding/refine-on-images';
import { equalizeLayers } from '../../../../src/engine/learners/uniform/equalize';
import { quantizeGraph } from '../../../../src/engine/learners/uniform/quantize';
import { availableExecutors } from '../../../support/executors';
import { randomBatch, randomized } from '../../../support/randomized';
import { referenceOutput } from '../../../support/reference-forward';
import { seededNormal } from '../../../support/seeded';

function net(): Graph {
  const b = new GraphBuilder('net', 1);
  const conv = b.relu(b.conv2d(b.input([6, 6, 3]), { name: 'conv', filters: 8, kernel: 3 }));
  const depthwise = b.relu(b.depthwiseConv2d(conv, { name: 'dw', kernel: 3, padding: 'same' }));
  const pooled = b.maxPool(depthwise, { size: 2 });
  return randomized(b.build(b.dense(b.flatten(pooled), { name: 'fc', units: 5 })), 3);
}
const bits = (count: number) => new Map(['conv', 'dw', 'fc'].map((name) => [name, count]));

describe('adaptive rounding', () => {
  const normal = seededNormal(2);
  const size = 6;
  const grid = symmetricGrid(1, 3);
  const nearest = (value: number) => snapToChannelGrid(value, grid);
  const problems = Array.from({ length: 20 }, () => {
    const rows = Array.from({ length: 9 }, () => Array.from({ length: size }, (_, i) => normal() + (i % 2)));
    const covariance = new Float64Array(size * size);
    for (const row of rows) row.forEach((a, i) => row.forEach((b, j) => (covariance[i * size + j] += (a * b) / 9)));
    return { covariance, weight: Float64Array.from({ length: size }, () => 0.5 * normal()) };
  });
  const errorOf = (covariance: Float64Array, weight: Float64Array, rounded: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        sum += covariance[i * size + j] * (weight[i] - rounded[i]) * (weight[j] - rounded[j]);
    return sum;
  };
  /** The least error of all ways to round up or down: what AdaRound searches. */
  const bestOf = ({ covariance, weight }: (typeof problems)[number]) => {
    let best = Infinity;
    for (let ways = 0; ways < 2 ** size; ways++) {
      const rounded = weight.map((value, i) => {
        const down = Math.floor(Math.min(Math.max(value, -1), 1) / grid.scale) * grid.scale;
        return nearest(down + ((ways >> i) & 1) * grid.scale);
      });
      best = Math.min(best, errorOf(covariance, weight, rounded));
    }
    return best;
  };

  it('changes outputs less than rounding to the nearest, and nearly as little as can be', () => {
    let [ours, simple, best] = [0, 0, 0];
    for (const { covariance, weight } of problems) {
      const start = weight.map(nearest);
      const rounded = roundAdaptively(weight, start, covariance, nearest);
      rounded.forEach((value) => expect(nearest(value)).toBe(value));
      ours += errorOf(covariance, weight, rounded);
      simple += errorOf(covariance, weight, start);
      best += bestOf({ covariance, weight });
    }
    expect(ours).toBeLessThan(0.7 * simple);
    expect(ours).toBeLessThan(1.1 * best);
  });

  it('leaves pruned weights at 0', () => {
    const { covariance, weight } = problems[0];
    const sparse = weight.map((value, i) => (i < 3 ? 0 : value));
    expect([...roundAdaptively(sparse, sparse.map(nearest), covariance, nearest).slice(0, 3)]).toEqual([0, 0, 0]);
  });
});

describe('cross-layer equalization', () => {
  const unequal = () => {
    const graph = net();
    const weight = parameters(graph).get('conv/weight')!;
    const data = weight.data.map((value, i) => value * 4 ** ((i % 8) - 4));
    return withParameters(graph, new Map([['conv/weight', { shape: weight.shape, data }]]));
  };
  const channelMaxima = (graph: Graph) => {
    const { data } = parameters(graph).get('conv/weight')!;
    return Array.from({ length: 8 }, (_, c) => Math.max(...data.filter((_, i) => i % 8 === c).map(Math.abs)));
  };

  it('leaves what the model computes alone', () => {
    const [before, after] = [unequal(), equalizeLayers(unequal())];
    const sample = Float32Array.from({ length: 6 * 6 * 3 }, seededNormal(5));
    expect(parameters(after).get('conv/weight')!.data).not.toEqual(parameters(before).get('conv/weight')!.data);
    const wanted = referenceOutput(before, sample);
    referenceOutput(after, sample).forEach((value, i) =>
      expect(Math.abs(value - wanted[i])).toBeLessThan(1e-3 * Math.max(1, Math.abs(wanted[i]))),
    );
  });

  it('makes the channels of a layer alike', () => {
    const spread = (graph: Graph) => Math.max(...channelMaxima(graph)) / Math.min(...channelMaxima(graph));
    expect(spread(equalizeLayers(unequal()))).toBeLessThan(spread(unequal()) / 20);
  });

  it('leaves channels alone that two layers read', () => {
    const b = new GraphBuilder('net', 1);
    const conv = b.relu(b.conv2d(b.input([6, 6, 3]), { name: 'conv', filters: 8, kernel: 3 }));
    const graph = randomized(b.build(b.add(b.conv2d(conv, { name: 'a', filters: 8, kernel: 1 }), conv)), 1);
    expect(equalizeLayers(graph)).toEqual(graph);
  });
});

describe.each(await availableExecutors())('refining on images with $name', (executor) => {
  const float = foldBatchNorms(net());
  const rounded = quantizeGraph(float, bits(3), uniformOptions.parse({ activationBits: 32 }));
  /** As in photos, neighbours are alike and the mean is not 0; of white noise the nearest values are the best. */
  const photos = (count: number, seed: number) => {
    const batch = randomBatch(float, count, 5, seed);
    const light = seededNormal(seed);
    const levels = Array.from({ length: count }, () => 1 + light());
    return { ...batch, images: batch.images.map((value, i) => 0.3 * value + levels[Math.floor(i / (6 * 6 * 3))]) };
  };
  const images = [photos(64, 1), photos(64, 2)];
  const { signal } = new AbortController();
  const refine = (adaptive: boolean, biases: boolean) =>
    refineOnImages(float, rounded, { adaptive, biases }, { executor, images, seed: 1, signal });
  const outputs = async (graph: Graph, nodes: readonly string[]) => {
    const program = await executor.compile(graph);
    const values = await program.activations(photos(256, 9), nodes);
    program.dispose();
    return values;
  };
  /** Of a layer by itself: what came before it is as in the original. */
  const alone = (graph: Graph, name: string) =>
    withParameters(
      float,
      new Map([...parameters(graph)].filter(([key]) => key === `${name}/weight` || key === `${name}/bias`)),
    );

  it.each(['conv', 'dw', 'fc'])('brings the mean of what %s gives back to where it was', async (name) => {
    const { graph } = await refine(false, true);
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const wanted = mean((await outputs(float, [name])).get(name)!);
    const off = async (by: Graph) => Math.abs(mean((await outputs(alone(by, name), [name])).get(name)!) - wanted);
    expect(await off(graph)).toBeLessThan(0.5 * (await off(rounded)) + 2e-3);
  });

  it.each(['conv', 'dw', 'fc'])('changes the output of %s less, on other images too', async (name) => {
    const { graph, errors } = await refine(true, true);
    const wanted = (await outputs(float, [name])).get(name)!;
    const error = async (by: Graph) => {
      const got = (await outputs(alone(by, name), [name])).get(name)!;
      return got.reduce((sum, value, i) => sum + (value - wanted[i]) ** 2, 0);
    };
    expect(await error(graph)).toBeLessThan(await error(rounded));
    expect(errors?.get(name)).toBeGreaterThan(0);
    expect(errors?.get(name)).toBeLessThan(0.2);
  });

  it('gives the same again', async () => {
    expect(await refine(true, true)).toEqual(await refine(true, true));
  });
});
