import type { Batch } from '../../src/engine/data/batch';
import type { BatchOptions, Dataset, Split } from '../../src/engine/data/dataset';
import { seededNormal } from './seeded';

export interface SyntheticOptions {
  readonly classes: number;
  readonly imageShape: readonly [number, number, number];
  readonly counts: Readonly<Record<Split, number>>;
  /** Spread of the samples around their class centre; the centres are about 1 apart in each coordinate. */
  readonly noise?: number;
  readonly seed?: number;
}

/** Gaussian clusters, one a class: a classification problem whose difficulty is a number. */
export function syntheticDataset({ classes, imageShape, counts, noise = 1, seed = 1 }: SyntheticOptions): Dataset {
  const size = imageShape.reduce((a, b) => a * b);
  const centres = Array.from({ length: classes }, (_, c) => normals(seed * 1000 + c, size));
  const splits: Split[] = ['train', 'validation', 'test'];
  const data = Object.fromEntries(
    splits.map((split, s) => [
      split,
      Array.from({ length: counts[split] }, (_, i) => {
        const offset = normals(seed * 7919 + s * 100_003 + i, size);
        return { label: i % classes, image: centres[i % classes].map((value, k) => value + noise * offset[k]) };
      }),
    ]),
  ) as Record<Split, { label: number; image: Float32Array }[]>;

  async function* batches(split: Split, options: BatchOptions): AsyncIterable<Batch> {
    const { batchSize, shuffle = false, epoch = 0, startBatch = 0, limit = Infinity, dropLast = false } = options;
    const order = shuffle ? shuffled(counts[split], seed * 31 + epoch) : [...data[split].keys()];
    const chosen = order.slice(0, limit);
    for (let begin = startBatch * batchSize; begin < chosen.length; begin += batchSize) {
      const samples = chosen.slice(begin, begin + batchSize).map((i) => data[split][i]);
      if (dropLast && samples.length < batchSize) return;
      const images = new Float32Array(samples.length * size);
      samples.forEach(({ image }, i) => images.set(image, i * size));
      yield { count: samples.length, images, labels: Int32Array.from(samples, ({ label }) => label) };
    }
  }

  return {
    name: 'synthetic',
    classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
    imageShape,
    normalization: { mean: [0], std: [1] },
    counts,
    batches,
    close: () => Promise.resolve(),
  };
}

function normals(seed: number, count: number): Float32Array {
  const next = seededNormal(seed);
  return Float32Array.from({ length: count }, next);
}

function shuffled(count: number, seed: number): number[] {
  const keys = normals(seed, count);
  return Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b]);
}
