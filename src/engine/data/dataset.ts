import type { Batch } from './batch';

export type Split = 'train' | 'validation' | 'test';

/** How stored bytes become inputs: `(value / 255 - mean) / std` for each channel. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface DatasetInfo {
  readonly name: string;
  readonly classes: readonly string[];
  /** `[height, width, channels]` of one sample as the executor gets it. */
  readonly imageShape: readonly [number, number, number];
  readonly normalization: Normalization;
  /** Samples in each split. The three never overlap: validation is held out of the original training set. */
  readonly counts: Readonly<Record<Split, number>>;
}

export interface BatchOptions {
  readonly batchSize: number;
  /** Train only: apply the data set's augmentation. Validation and test are never augmented. Default false. */
  readonly augment?: boolean;
  /**
   * Train only: side of the square that cutout blanks (DeVries & Taylor 2017), pixels; 0: none. Holds without `augment`
   * too. Default: what the data set was opened with when `augment` is set, else none.
   */
  readonly cutout?: number;
  /** A new order for each epoch, fixed by seed and epoch. Default false. */
  readonly shuffle?: boolean;
  readonly epoch?: number;
  /** Skip this many batches of the epoch: to resume within one. */
  readonly startBatch?: number;
  /** At most this many samples (after shuffling): for calibration and quick evaluation. */
  readonly limit?: number;
  /** Leave out a last batch that is smaller than `batchSize`. Default false. */
  readonly dropLast?: boolean;
}

export interface Dataset extends DatasetInfo {
  /**
   * Batches made ahead of their use, off the main thread. Same options and seed, same batches, bit for bit.
   * A batch is valid until the next one is asked for (its memory is reused); leaving the loop early stops the work.
   */
  batches(split: Split, options: BatchOptions): AsyncIterable<Batch>;
  close(): Promise<void>;
}
