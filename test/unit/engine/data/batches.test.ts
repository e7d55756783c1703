import { afterEach, describe, expect, it } from 'vitest';
import type { BatchOptions, Dataset, Split } from '../../../../src/engine/data/dataset';
import { openDataset, type OpenOptions } from '../../../../src/engine/data/open-dataset';
import { unnormalized, writeCifarFiles } from '../../../support/cifar-files';
import { temporaryFolder } from '../../../support/temporary-folder';

const open = new Set<Dataset>();
afterEach(async () => {
  await Promise.all([...open].map((dataset) => dataset.close()));
  open.clear();
});

/** 200 training images, of which 40 are for validation, and 40 test images; blue tells the image. */
async function smallCifar(
  options: Partial<OpenOptions> = {},
  spec: { readonly limit?: number; readonly workers?: number } = {},
): Promise<Dataset> {
  const directory = temporaryFolder();
  writeCifarFiles(directory, 40);
  const dataset = await openDataset(
    {
      ...{ kind: 'builtin', name: 'cifar10', directory, normalization: unnormalized, validation: 40 },
      ...spec,
    },
    { seed: 5, onWarning: () => undefined, ...options },
  );
  open.add(dataset);
  return dataset;
}

interface Copy {
  readonly labels: number[];
  readonly images: number[];
}

async function collect(dataset: Dataset, split: Split, options: BatchOptions): Promise<Copy[]> {
  const copies: Copy[] = [];
  for await (const { labels, images } of dataset.batches(split, options)) {
    copies.push({ labels: [...labels], images: [...images] });
  }
  return copies;
}

/** Which images a split serves, told by the blue of their centre, which only cutout can blank. */
async function identities(dataset: Dataset, split: Split, options: BatchOptions): Promise<number[]> {
  const copies = await collect(dataset, split, options);
  return copies.flatMap(({ images }) =>
    Array.from({ length: images.length / 3072 }, (_, i) => Math.round(images[i * 3072 + (16 * 32 + 16) * 3 + 2] * 255)),
  );
}

const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);

describe('splits', () => {
  it('are disjoint, whole, and as large as they say', async () => {
    const dataset = await smallCifar();
    expect(dataset.counts).toEqual({ train: 160, validation: 40, test: 40 });
    const [train, validation, test] = await Promise.all(
      (['train', 'validation', 'test'] as const).map((split) => identities(dataset, split, { batchSize: 7 })),
    );
    expect(sorted([...train, ...validation])).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(test).toEqual(Array.from({ length: 40 }, (_, i) => 200 + i));
  });

  it('hold out every class alike, chosen by the seed', async () => {
    const dataset = await smallCifar();
    const labels = (await collect(dataset, 'validation', { batchSize: 40 }))[0].labels;
    for (let label = 0; label < 10; label++) expect(labels.filter((other) => other === label).length).toBe(4);

    const chosen = (ds: Dataset) => identities(ds, 'validation', { batchSize: 40 });
    expect(await chosen(await smallCifar())).toEqual(await chosen(dataset));
    expect(await chosen(await smallCifar({ seed: 6 }))).not.toEqual(await chosen(dataset));
  });

  it('draw training and validation from no more samples than the limit', async () => {
    const dataset = await smallCifar({}, { limit: 100 });
    expect(dataset.counts).toEqual({ train: 60, validation: 40, test: 40 });
    const train = await identities(dataset, 'train', { batchSize: 30 });
    const validation = await identities(dataset, 'validation', { batchSize: 30 });
    expect(new Set([...train, ...validation]).size).toBe(100);
  });

  it('need training samples besides validation', async () => {
    await expect(smallCifar({}, { limit: 40 })).rejects.toThrow(
      /validation takes 40 samples, but .* has 40 .*raise dataset\.limit/,
    );
  });
});

describe('batches', () => {
  const pass: BatchOptions = { batchSize: 16, shuffle: true, augment: true, epoch: 2 };

  it('hold the sample that the label is of, NHWC', async () => {
    const dataset = await smallCifar();
    for await (const batch of dataset.batches('test', { batchSize: 16 })) {
      for (let i = 0; i < batch.count; i++) {
        const blue = Math.round(batch.images[i * 3072 + 2] * 255);
        expect(batch.labels[i]).toBe((blue - 200) % 10);
        const pixel = i * 3072 + (5 * 32 + 9) * 3;
        expect(Math.round(batch.images[pixel] * 255)).toBe(40);
        expect(Math.round(batch.images[pixel + 1] * 255)).toBe(72);
      }
    }
  });

  it('are the same each time, with one worker or two', async () => {
    const dataset = await smallCifar();
    const first = await collect(dataset, 'train', pass);
    expect(await collect(dataset, 'train', pass)).toEqual(first);
    expect(await collect(await smallCifar({}, { workers: 2 }), 'train', pass)).toEqual(first);
  });

  it('differ from epoch to epoch and from seed to seed', async () => {
    const dataset = await smallCifar();
    const order = (ds: Dataset, epoch: number) => identities(ds, 'train', { batchSize: 32, shuffle: true, epoch });
    expect(await order(dataset, 1)).not.toEqual(await order(dataset, 0));
    expect(await order(await smallCifar({ seed: 9 }), 0)).not.toEqual(await order(dataset, 0));
    expect(sorted(await order(dataset, 1))).toEqual(sorted(await order(dataset, 0)));
  });

  it('go on within an epoch as if it had not been interrupted', async () => {
    const dataset = await smallCifar();
    const whole = await collect(dataset, 'train', pass);
    expect(await collect(dataset, 'train', { ...pass, startBatch: 4 })).toEqual(whole.slice(4));
    expect(await collect(dataset, 'train', { ...pass, startBatch: 99 })).toEqual([]);
  });

  it('augment a sample alike in batches of any size', async () => {
    const dataset = await smallCifar();
    const flat = (copies: Copy[]) => copies.flatMap(({ images }) => images);
    const small = flat(await collect(dataset, 'train', { ...pass, batchSize: 10 }));
    expect(flat(await collect(dataset, 'train', { ...pass, batchSize: 160 }))).toEqual(small);
  });

  it('augment training images only', async () => {
    const dataset = await smallCifar();
    for (const split of ['validation', 'test'] as const) {
      const plain = await collect(dataset, split, { batchSize: 40 });
      expect(await collect(dataset, split, { batchSize: 40, augment: true, cutout: 8, epoch: 3 })).toEqual(plain);
    }
    const plain = await collect(dataset, 'train', { batchSize: 160 });
    expect(await collect(dataset, 'train', { batchSize: 160, augment: true })).not.toEqual(plain);
  });

  it('blank a square where cutout is asked for, with or without the other augmentation', async () => {
    const dataset = await smallCifar({ augmentation: { padCrop: 0, flip: false, cutout: 6 } });
    const plain = (await collect(dataset, 'train', { batchSize: 160 }))[0].images;
    const changed = (images: number[]) => images.filter((value, i) => value !== plain[i]).length;
    expect(changed((await collect(dataset, 'train', { batchSize: 160, augment: true, cutout: 0 }))[0].images)).toBe(0);
    const own = changed((await collect(dataset, 'train', { batchSize: 160, augment: true }))[0].images);
    const asked = changed((await collect(dataset, 'train', { batchSize: 160, cutout: 12 }))[0].images);
    expect(own).toBeGreaterThan(160 * 6 * 3 * 3);
    expect(own).toBeLessThanOrEqual(160 * 6 * 6 * 3);
    expect(asked).toBeGreaterThan(2 * own);
  });

  it('are cut to the limit after shuffling, and drop a small last batch when asked', async () => {
    const dataset = await smallCifar();
    const sizes = async (options: BatchOptions) =>
      (await collect(dataset, 'train', options)).map((b) => b.labels.length);
    expect(await sizes({ batchSize: 64 })).toEqual([64, 64, 32]);
    expect(await sizes({ batchSize: 64, dropLast: true })).toEqual([64, 64]);
    expect(await sizes({ batchSize: 64, limit: 70 })).toEqual([64, 6]);
    expect(await sizes({ batchSize: 64, limit: 0 })).toEqual([]);
    const limited = await identities(dataset, 'train', { batchSize: 64, limit: 70, shuffle: true });
    const whole = await identities(dataset, 'train', { batchSize: 64, shuffle: true });
    expect(limited).toEqual(whole.slice(0, 70));
  });

  it('can be had from several loops at once', async () => {
    const dataset = await smallCifar();
    const alone = await collect(dataset, 'train', pass);
    const together = await Promise.all([1, 2, 3].map(() => collect(dataset, 'train', pass)));
    for (const copies of together) expect(copies).toEqual(alone);
  });

  it('are right after many loops that were left early', async () => {
    const dataset = await smallCifar();
    const whole = await collect(dataset, 'train', pass);
    for (let i = 0; i < 20; i++) {
      for await (const batch of dataset.batches('train', { ...pass, epoch: i })) {
        if (batch.count > 0) break;
      }
    }
    expect(await collect(dataset, 'train', pass)).toEqual(whole);
  });

  it('keep the batch of a loop that was left until later loops are over', async () => {
    const dataset = await smallCifar();
    for await (const batch of dataset.batches('train', pass)) {
      const copy = [...batch.images];
      await collect(dataset, 'train', { ...pass, epoch: 7 });
      expect([...batch.images]).toEqual(copy);
      break;
    }
  });

  it('are ready without a turn of the event loop once made ahead', async () => {
    const dataset = await smallCifar();
    const batches = dataset.batches('train', { batchSize: 32 })[Symbol.asyncIterator]();
    await batches.next();
    await new Promise((resolve) => setTimeout(resolve, 500));
    let turned = false;
    setImmediate(() => (turned = true));
    for (let i = 0; i < 4; i++) expect((await batches.next()).done).toBe(false);
    expect(turned).toBe(false);
  });

  it('refuse options that make no sense', async () => {
    const dataset = await smallCifar();
    expect(() => dataset.batches('train', { batchSize: 0 })).toThrow(/batchSize must be a whole number of at least 1/);
    expect(() => dataset.batches('train', { batchSize: 8, startBatch: -1 })).toThrow(/startBatch/);
  });
});

describe('close', () => {
  it('ends loops under way, and later ones at once', async () => {
    const dataset = await smallCifar();
    const loop = async () => {
      for await (const batch of dataset.batches('train', { batchSize: 1 })) {
        if (batch.count > 0) await dataset.close();
      }
    };
    await expect(loop()).rejects.toThrow(/closed/);
    await expect(collect(dataset, 'train', { batchSize: 1 })).rejects.toThrow(/closed/);
  });

  it('may be called twice, and before any batch', async () => {
    const dataset = await smallCifar();
    await dataset.close();
    await dataset.close();
  });
});

it('refuses a normalisation for another number of channels', async () => {
  const directory = temporaryFolder();
  writeCifarFiles(directory, 4);
  const spec = { kind: 'builtin', name: 'cifar10', directory, validation: 0.1 } as const;
  const opening = openDataset(
    { ...spec, normalization: { mean: [0.5], std: [0.5] } },
    { seed: 0, onWarning: () => undefined },
  );
  await expect(opening).rejects.toThrow(/normalization\.mean has 1 values, but the images of cifar10 have 3 channels/);
});
