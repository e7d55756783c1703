import { describe, expect, it } from 'vitest';
import { weightSparseOptions } from '../../../../src/config/learners/weight-sparse';
import type { LayerRule } from '../../../../src/config/plan';
import { parameters, withParameters } from '../../../../src/engine/graph/graph';
import { decideSparsity } from '../../../../src/engine/learners/weight-sparse/decision';
import { weightSparse } from '../../../../src/engine/learners/weight-sparse';
import { magnitudeMask, sparsityOf } from '../../../../src/engine/learners/weight-sparse/mask';
import { isUpdateStep, scheduledSparsity } from '../../../../src/engine/learners/weight-sparse/schedule';
import { selectExecutor } from '../../../../src/engine/runtime/select';
import { couplingGraph } from '../../../support/coupling-graphs';
import { referenceOutput } from '../../../support/reference-forward';
import { seededNormal } from '../../../support/seeded';
import { syntheticDataset } from '../../../support/synthetic-dataset';
import { trainingPlan } from '../../../support/training-plan';

const schedule = { begin: 0.1, end: 0.6, exponent: 3, frequency: 100 };

describe('scheduledSparsity', () => {
  it.each([
    [0, 0],
    [99, 0],
    // s_f (1 - (1 - (t - t_0) / (t_1 - t_0))^3) with s_f = 0.8, t_0 = 100, t_1 = 600
    [100, 0],
    [225, 0.8 * (1 - 0.75 ** 3)],
    [350, 0.8 * (1 - 0.5 ** 3)],
    [600, 0.8],
    [999, 0.8],
  ])('at step %i is %f', (step, expected) => {
    expect(scheduledSparsity(step, 0, 0.8, schedule, 1000)).toBeCloseTo(expected, 12);
  });

  it('starts from the sparsity that is there', () => {
    expect(scheduledSparsity(0, 0.3, 0.8, schedule, 1000)).toBe(0.3);
    expect(scheduledSparsity(350, 0.3, 0.8, schedule, 1000)).toBeCloseTo(0.8 - 0.5 * 0.125, 12);
  });

  it('updates every `frequency` steps and at the last step of the schedule', () => {
    const at = (frequency: number, total: number) =>
      Array.from({ length: total }, (_, step) => step).filter((step) =>
        isUpdateStep(step, { ...schedule, frequency }, total),
      );
    expect(at(200, 1000)).toEqual([100, 300, 500, 600]);
    // Training so short that the frequency never comes round still reaches the final sparsity.
    expect(at(100, 10)).toEqual([1, 6]);
    expect(at(100, 1)).toEqual([0]);
  });
});

describe('magnitudeMask', () => {
  const normal = seededNormal(1);
  const weight = { shape: [10, 10], data: Float32Array.from({ length: 100 }, normal) };

  it.each([0, 0.01, 0.5, 0.753, 0.99])('zeroes the smallest weights, sparsity %f', (sparsity) => {
    const mask = magnitudeMask(weight, sparsity);
    const kept = weight.data.filter((_, i) => mask.data[i] === 1).map(Math.abs);
    const pruned = weight.data.filter((_, i) => mask.data[i] === 0).map(Math.abs);
    expect(pruned).toHaveLength(Math.round(sparsity * 100));
    expect(Math.max(0, ...pruned)).toBeLessThanOrEqual(Math.min(...kept));
  });

  it('prunes exactly as many as asked among equals', () => {
    const equal = { shape: [8], data: new Float32Array(8).fill(-2) };
    expect([...magnitudeMask(equal, 0.5).data]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('keeps earlier zeros as it grows', () => {
    const half = magnitudeMask(weight, 0.5);
    const masked = { shape: weight.shape, data: weight.data.map((value, i) => value * half.data[i]) };
    expect(sparsityOf(masked)).toBe(0.5);
    const more = magnitudeMask(masked, 0.7);
    half.data.forEach((value, i) => {
      if (value === 0) expect(more.data[i]).toBe(0);
    });
  });
});

const graph = couplingGraph('a residual addition');
const sizes = new Map([...parameters(graph)].map(([key, { data }]) => [key, data.length]));
const sizeOf = (layer: string) => sizes.get(`${layer}/weight`) ?? 0;
const decide = (value: number, input: object = {}, rules: LayerRule[] = [], of = graph) =>
  decideSparsity(of, { metric: 'sparsity', value }, weightSparseOptions.parse(input), rules);

describe('decideSparsity', () => {
  it.each(['uniform', 'heuristic', 'erk', 'lamp', 'global'])('meets the target over all by %s', (protocol) => {
    for (const target of [0.1, 0.5, 0.9, 0.97]) {
      const decision = [...decide(target, { protocol })];
      const pruned = decision.reduce((sum, [layer, sparsity]) => sum + Math.round(sparsity * sizeOf(layer)), 0);
      const total = ['stem', 'block/conv1', 'block/conv2', 'fc'].reduce((sum, layer) => sum + sizeOf(layer), 0);
      expect(Math.abs(pruned / total - target)).toBeLessThan(0.005);
      for (const [, sparsity] of decision) expect(sparsity).toBeLessThan(1);
    }
  });

  it('prunes larger layers more by their dimensions, as the formula says', () => {
    const decision = decide(0.4, { protocol: 'erk' });
    const density = (layer: string) => 1 - (decision.get(layer) ?? 0);
    // Kernel 3x3: 3 -> 6, 6 -> 5; densities are as (n_in + n_out + 6) / (9 n_in n_out).
    expect(density('stem') / density('block/conv1')).toBeCloseTo(15 / 162 / (17 / 270), 6);
    expect(decision.get('fc')).toBeUndefined();
  });

  it('compares magnitudes in the whole model, or within the layer by what is left above', () => {
    const loud = withParameters(
      graph,
      new Map(
        [...parameters(graph)]
          .filter(([key]) => key === 'stem/weight')
          .map(([key, { shape, data }]) => [key, { shape, data: data.map((value) => 100 * value) }]),
      ),
    );
    const [before, after] = [graph, loud].map((of) => decide(0.6, { protocol: 'global' }, [], of).get('stem') ?? 0);
    expect(after).toBeLessThan(0.05);
    expect(before).toBeGreaterThan(0.2);
    // LAMP's scores don't change with the scale of a layer.
    const [plain, scaled] = [graph, loud].map((of) => decide(0.6, { protocol: 'lamp' }, [], of).get('stem') ?? 0);
    expect(scaled).toBeCloseTo(plain, 2);
  });

  it('leaves layers with rules of their own out of the sharing', () => {
    const rules = [
      { pattern: 'stem', skip: true },
      { pattern: 'fc', sparsity: 0.2 },
    ];
    const decision = decide(0.8, { protocol: 'lamp' }, rules);
    expect(decision.get('stem')).toBeUndefined();
    expect(decision.get('fc')).toBe(0.2);
    const pruned = ['block/conv1', 'block/conv2'].map((layer) =>
      Math.round((decision.get(layer) ?? 0) * sizeOf(layer)),
    );
    expect((pruned[0] + pruned[1]) / (sizeOf('block/conv1') + sizeOf('block/conv2'))).toBeCloseTo(0.8, 2);
  });

  it('says what a pattern needs', () => {
    expect(() => decide(0.5, { pattern: '2:4' })).toThrow(/no layer whose input channels divide into groups of 4/);
    const wide = couplingGraph('a channel gate');
    expect(() => decide(0.7, { pattern: '2:4' }, [], wide)).toThrow(/makes a sparsity of 0\.5/);
  });
});

describe('weight-sparse without training', async () => {
  const { executor } = await selectExecutor({ backend: 'auto', threads: 2 });
  const counts = { train: 256, validation: 16, test: 16 };
  const dataset = syntheticDataset({ classes: 5, imageShape: [10, 9, 3], counts });
  const { signal } = new AbortController();

  async function prune(value: number, input: object, from = graph) {
    const options = weightSparseOptions.parse({ samples: 256, recalibrate: 0, ...input });
    const target = { metric: 'sparsity', value } as const;
    const stage = { learner: 'weight-sparse', target, options, training: trainingPlan({ epochs: 0 }) } as const;
    return (await weightSparse.apply(from, stage, { executor, dataset, layers: [], seed: 1, signal })).graph;
  }

  async function errorOf(pruned: typeof graph) {
    let [error, energy] = [0, 0];
    for await (const batch of dataset.batches('test', { batchSize: 1 })) {
      const expected = referenceOutput(graph, batch.images);
      referenceOutput(pruned, batch.images).forEach((value, i) => {
        error += (value - expected[i]) ** 2;
        energy += expected[i] ** 2;
      });
    }
    return error / energy;
  }

  it('mends with the other weights what zeros cost', async () => {
    const [mended, cut] = [await prune(0.6, { method: 'obs' }), await prune(0.6, { method: 'gradual' })];
    for (const [key, weight] of parameters(mended)) {
      if (key.endsWith('/weight')) expect(sparsityOf(weight)).toBeCloseTo(0.6, 1);
    }
    expect(await errorOf(mended)).toBeLessThan(0.5 * (await errorOf(cut)));
  });

  it('keeps the zeros that it found', async () => {
    const first = await prune(0.3, { method: 'gradual' });
    const second = parameters(await prune(0.5, { method: 'obs' }, first));
    for (const [key, { data }] of parameters(first)) {
      if (!key.endsWith('/weight')) continue;
      data.forEach((value, i) => {
        if (value === 0) expect(second.get(key)?.data[i]).toBe(0);
      });
    }
  });

  it.each(['gradual', 'obs'])('keeps two of each four input channels, %s', async (method) => {
    const wide = couplingGraph('depthwise convolution with a multiplier');
    const pruned = parameters(await prune(0.5, { method, pattern: '2:4' }, wide));
    const { shape, data } = pruned.get('pw/weight') ?? { shape: [], data: [] };
    const [inputs, outputs] = shape.slice(-2);
    expect(inputs % 4).toBe(0);
    for (let o = 0; o < outputs; o++) {
      for (let row = 0; row < data.length / outputs; row += 4) {
        const zeros = [0, 1, 2, 3].filter((i) => data[(row + i) * outputs + o] === 0);
        expect(zeros).toHaveLength(2);
      }
    }
    expect(sparsityOf(pruned.get('a/weight') ?? { shape: [], data: new Float32Array(1) })).toBe(0);
  });
});
