import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../../src/engine/data/batch';
import { makeGraph, parameters } from '../../../../src/engine/graph/graph';
import type { Executor, Program } from '../../../../src/engine/runtime/executor';
import { measureStatistics, recalibrateBatchNorm } from '../../../../src/engine/training/recalibrate';
import { linearExecutor, linearGraph } from '../../../support/linear-executor';
import { syntheticDataset } from '../../../support/synthetic-dataset';

const CHANNELS = 3;
const dataset = syntheticDataset({
  classes: 2,
  imageShape: [2, 2, CHANNELS],
  counts: { train: 50, validation: 10, test: 10 },
  noise: 3,
});

/** Mean and biased variance of each channel over batch and space, as an executor measures them. */
function moments({ images }: Pick<Batch, 'images'>) {
  const mean = new Float32Array(CHANNELS);
  const variance = new Float32Array(CHANNELS);
  for (let c = 0; c < CHANNELS; c++) {
    const values = images.filter((_, i) => i % CHANNELS === c);
    mean[c] = values.reduce((a, b) => a + b, 0) / values.length;
    variance[c] = values.reduce((sum, value) => sum + (value - mean[c]) ** 2, 0) / values.length;
  }
  return { mean, variance };
}

const sizes: number[] = [];
const meter: Pick<Program, 'batchStatistics'> = {
  batchStatistics: (batch) => {
    sizes.push(batch.count);
    return Promise.resolve(new Map([['bn', moments(batch)]]));
  },
};

describe('measureStatistics', () => {
  it('gives the mean and variance of all samples together, whatever the batches', async () => {
    for await (const all of dataset.batches('train', { batchSize: 50 })) {
      const expected = moments(all);
      for (const batchSize of [1, 7, 16, 50, 999]) {
        const values = await measureStatistics(meter, dataset, { samples: 50, batchSize, seed: 0 });
        expect([...values.keys()]).toEqual(['bn/mean', 'bn/variance']);
        for (let c = 0; c < CHANNELS; c++) {
          expect(values.get('bn/mean')!.data[c]).toBeCloseTo(expected.mean[c], 4);
          expect(values.get('bn/variance')!.data[c]).toBeCloseTo(expected.variance[c], 4);
        }
      }
    }
  });

  it('does not end with a batch of a few samples', async () => {
    sizes.length = 0;
    await measureStatistics(meter, dataset, { samples: 33, batchSize: 16, seed: 0 });
    expect(sizes).toEqual([11, 11, 11]);
  });

  it('draws the same images for the same seed, others for another', async () => {
    const means = async (seed: number) =>
      (await measureStatistics(meter, dataset, { samples: 10, batchSize: 5, seed })).get('bn/mean')!.data;
    expect(await means(1)).toEqual(await means(1));
    expect(await means(1)).not.toEqual(await means(2));
  });
});

describe('recalibrateBatchNorm', () => {
  const vector = (value: number) => ({ shape: [CHANNELS], data: new Float32Array(CHANNELS).fill(value) });
  const graph = makeGraph(
    'normalised',
    [
      { kind: 'input', name: 'input', inputs: [], shape: [2, 2, CHANNELS] },
      {
        kind: 'batchNorm',
        name: 'bn',
        inputs: ['input'],
        epsilon: 1e-5,
        momentum: 0.9,
        params: { gamma: vector(2), beta: vector(3), mean: vector(100), variance: vector(100) },
      },
    ],
    'bn',
  );
  const executor: Executor = {
    ...linearExecutor,
    compile: async (compiled) => ({ ...(await linearExecutor.compile(compiled)), ...meter }),
  };

  it('replaces the running statistics and nothing else', async () => {
    const result = await recalibrateBatchNorm(executor, graph, dataset, { samples: 50, batchSize: 25, seed: 0 });
    const after = parameters(result);
    expect(after.get('bn/gamma')).toEqual(vector(2));
    expect(after.get('bn/beta')).toEqual(vector(3));
    expect(Math.abs(after.get('bn/mean')!.data[0])).toBeLessThan(5);
    expect(parameters(graph).get('bn/mean')).toEqual(vector(100));
  });

  it('leaves a graph alone that has no batch norm, or for which no samples are wanted', async () => {
    const plain = linearGraph([2, 2, CHANNELS], 2);
    expect(await recalibrateBatchNorm(executor, plain, dataset, { samples: 50, batchSize: 25, seed: 0 })).toBe(plain);
    expect(await recalibrateBatchNorm(executor, graph, dataset, { samples: 0, batchSize: 25, seed: 0 })).toBe(graph);
  });
});
