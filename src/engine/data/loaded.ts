import type { Augmentation } from './augmentation';
import type { DatasetInfo } from './dataset';
import type { SampleSource } from './source';

/** A data set as its files give it: all samples in one numbering, not yet split. */
export interface LoadedDataset extends Pick<DatasetInfo, 'name' | 'classes' | 'imageShape' | 'normalization'> {
  readonly source: SampleSource;
  /** Class of each sample, in shared memory. */
  readonly labels: Int32Array;
  /** Its standard augmentation. */
  readonly augmentation: Augmentation;
  /** Samples of the original training set. */
  readonly training: Uint32Array;
  /** Samples of a validation set of its own; absent: validation is held out of `training`. */
  readonly validation?: Uint32Array;
  readonly test: Uint32Array;
}

/** What loading reports while it is under way. */
export interface LoadProgress {
  /** What is being done, for people. */
  readonly text: string;
  readonly done: number;
  readonly total: number;
}

export interface LoadOptions {
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Told what was wrong but could be passed over. */
  readonly onWarning: (message: string) => void;
  readonly signal?: AbortSignal;
}
