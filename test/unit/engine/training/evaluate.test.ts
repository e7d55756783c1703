import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../../src/engine/data/batch';
import { evaluate, type Classifier } from '../../../../src/engine/training/evaluate';
import { syntheticDataset } from '../../../support/synthetic-dataset';

// Labels go 0, 1, 2, 0, 1, 2, ... in every split.
const dataset = syntheticDataset({
  classes: 3,
  imageShape: [1, 1, 2],
  counts: { train: 6, validation: 0, test: 10 },
});

/** Gives each sample the outputs that `row` says for its label. */
function classifier(row: (label: number) => number[]): Classifier {
  return {
    forward: (batch: Batch) => Promise.resolve(Float32Array.from([...batch.labels].flatMap((label) => row(label)))),
  };
}

describe('evaluate', () => {
  it('counts the samples whose highest output is their label', async () => {
    // Class 0 is right (4 of 10), the others are taken for class 0.
    const result = await evaluate(
      classifier(() => [1, 0, 0]),
      dataset,
      'test',
    );
    expect(result.accuracy).toBeCloseTo(40, 10);
    expect(result.samples).toBe(10);
    expect(result.standardError).toBeCloseTo(100 * Math.sqrt((0.4 * 0.6) / 10), 10);
    const z = Math.E + 2;
    expect(result.loss).toBeCloseTo(0.4 * Math.log(z / Math.E) + 0.6 * Math.log(z), 6);
  });

  it('does not depend on the batch size', async () => {
    const program = classifier((label) => [label === 2 ? 3 : 0.5, 1, 0]);
    const [one, four] = [1, 4].map((batchSize) => evaluate(program, dataset, 'test', { batchSize }));
    expect((await one).accuracy).toBe((await four).accuracy);
    expect((await one).loss).toBeCloseTo((await four).loss, 10);
  });

  it('takes the logarithm itself when the model ends in a softmax', async () => {
    const { loss } = await evaluate(
      classifier(() => [0.5, 0.25, 0.25]),
      dataset,
      'test',
      { limit: 3, outputs: 'probabilities' },
    );
    expect(loss).toBeCloseTo((Math.log(2) + 2 * Math.log(4)) / 3, 6);
  });

  it('uses no more samples than it may, and tells how far it is', async () => {
    const seen: [number, number][] = [];
    const options = { batchSize: 2, limit: 5, onProgress: (done: number, total: number) => seen.push([done, total]) };
    const program = classifier(() => [1, 0, 0]);
    expect((await evaluate(program, dataset, 'test', options)).samples).toBe(5);
    expect(seen).toEqual([
      [2, 5],
      [4, 5],
      [5, 5],
    ]);
  });

  it('never counts a sample with NaN as correct', async () => {
    const { accuracy } = await evaluate(
      classifier(() => [1, NaN, 0]),
      dataset,
      'test',
    );
    expect(accuracy).toBe(0);
  });

  it('says that model and data set do not fit, or that there is nothing to measure on', async () => {
    await expect(
      evaluate(
        classifier(() => [1, 0]),
        dataset,
        'test',
      ),
    ).rejects.toThrow('the model gives 2 outputs, but data set synthetic has 3 classes');
    await expect(
      evaluate(
        classifier(() => [1, 0, 0]),
        dataset,
        'validation',
      ),
    ).rejects.toThrow('data set synthetic has no samples in its validation split');
  });

  it('stops between batches', async () => {
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const promise = evaluate(
      classifier(() => [1, 0, 0]),
      dataset,
      'test',
      { batchSize: 1, signal: stop.signal, onProgress },
    );
    await expect(promise).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});
