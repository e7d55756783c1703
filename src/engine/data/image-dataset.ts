import { Random } from '../graph/random';
import type { Augmentation } from './augmentation';
import { noAugmentation } from './augmentation';
import type { Batch } from './batch';
import type { BatchOptions, Dataset, Normalization, Split } from './dataset';
import { DatasetError } from './dataset-error';
import { deriveSeed } from './derive-seed';
import type { LoadedDataset } from './loaded';
import { normalizationTable } from './normalization-table';
import { passOrder } from './pass-order';
import { Prefetcher } from './prefetcher';
import { countOf, takeStratified } from './split';

export interface ImageDatasetOptions {
  readonly seed: number;
  /** Held out of the training samples: a count when >= 1, else a share. */
  readonly validation: number;
  /** Use at most this many training samples, validation included. */
  readonly limit?: number;
  readonly normalization?: Normalization;
  readonly augmentation?: Partial<Augmentation>;
  /** Threads that make batches. They don't change the batches. Default 1. */
  readonly workers?: number;
}

const LIMIT_STREAM = 1;
const VALIDATION_STREAM = 2;

/** Loaded samples, split into disjoint sets and served in batches. */
export class ImageDataset implements Dataset {
  readonly name: string;
  readonly classes: readonly string[];
  readonly imageShape: readonly [number, number, number];
  readonly normalization: Normalization;
  readonly counts: Readonly<Record<Split, number>>;
  private readonly samples: Readonly<Record<Split, Uint32Array>>;
  private readonly augmentation: Augmentation;
  private readonly seed: number;
  private readonly prefetcher: Prefetcher;

  /** @throws DatasetError when the splits or the normalisation don't fit the data. */
  constructor(loaded: LoadedDataset, options: ImageDatasetOptions) {
    this.name = loaded.name;
    this.classes = loaded.classes;
    this.imageShape = loaded.imageShape;
    this.normalization = checked(options.normalization ?? loaded.normalization, loaded);
    this.augmentation = { ...loaded.augmentation, ...options.augmentation };
    this.seed = options.seed;
    this.samples = split(loaded, options);
    const { train, validation, test } = this.samples;
    this.counts = { train: train.length, validation: validation.length, test: test.length };
    this.prefetcher = new Prefetcher(
      {
        source: loaded.source,
        labels: loaded.labels,
        imageShape: this.imageShape,
        table: normalizationTable(this.normalization),
        seed: this.seed,
      },
      options.workers ?? 1,
    );
  }

  batches(split: Split, options: BatchOptions): AsyncIterable<Batch> {
    const augmentation = this.augmentationFor(split, options);
    return this.prefetcher.batches({
      order: passOrder(this.samples[split], this.seed, options),
      batchSize: options.batchSize,
      epoch: options.epoch ?? 0,
      ...(augmentation && { augmentation }),
    });
  }

  close(): Promise<void> {
    return this.prefetcher.close();
  }

  /** Validation and test are never augmented, whatever is asked. */
  private augmentationFor(split: Split, { augment = false, cutout }: BatchOptions): Augmentation | undefined {
    if (split !== 'train') return undefined;
    if (augment) return { ...this.augmentation, ...(cutout !== undefined && { cutout }) };
    return cutout ? { ...noAugmentation, cutout } : undefined;
  }
}

function split(loaded: LoadedDataset, { seed, validation, limit }: ImageDatasetOptions): Record<Split, Uint32Array> {
  const { labels, test } = loaded;
  let pool = loaded.training;
  if (limit !== undefined && limit < pool.length) {
    pool = takeStratified(pool, labels, limit, new Random(deriveSeed(seed, LIMIT_STREAM))).taken;
  }
  if (loaded.validation) return { train: pool, validation: loaded.validation, test };
  const count = countOf(validation, pool.length);
  if (count >= pool.length) {
    throw new DatasetError(
      `validation takes ${count} samples, but data set ${loaded.name} has ${pool.length} training samples` +
        `${limit === undefined ? '' : ` (limit ${limit})`}: lower dataset.validation${limit === undefined ? '' : ' or raise dataset.limit'}`,
    );
  }
  const { taken, rest } = takeStratified(pool, labels, count, new Random(deriveSeed(seed, VALIDATION_STREAM)));
  return { train: rest, validation: taken, test };
}

function checked(normalization: Normalization, { name, imageShape }: LoadedDataset): Normalization {
  const channels = imageShape[2];
  for (const key of ['mean', 'std'] as const) {
    const values = normalization[key];
    if (values.length !== channels) {
      throw new DatasetError(
        `normalization.${key} has ${values.length} values, but the images of ${name} have ` +
          `${channels === 1 ? '1 channel' : `${channels} channels`}: give one value for each`,
      );
    }
  }
  if (!normalization.std.every((value) => value > 0)) {
    throw new DatasetError('normalization.std must be greater than 0 in every channel');
  }
  return normalization;
}
