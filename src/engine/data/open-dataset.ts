import type { DatasetPlan } from '../../config/plan';
import type { Augmentation } from './augmentation';
import type { Dataset } from './dataset';
import { loadCifar10 } from './cifar10';
import { ImageDataset } from './image-dataset';
import { loadImageFolder } from './image-folder';
import type { LoadedDataset, LoadOptions, LoadProgress } from './loaded';
import { loadFashionMnist, loadMnist } from './mnist';

export type DatasetSpec = DatasetPlan;

export interface OpenOptions {
  /** Of the validation split, the order of training and augmentation. */
  readonly seed: number;
  /** Instead of parts of the data set's standard augmentation. */
  readonly augmentation?: Partial<Augmentation>;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Told what was wrong but could be passed over, as broken images. Default: a warning of the process. */
  readonly onWarning?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Loads a data set, fetching it first where that is needed, and splits it. Close it after use.
 * @throws DatasetError when it can't be had or read; the signal's reason when aborted.
 */
export async function openDataset(spec: DatasetSpec, options: OpenOptions): Promise<Dataset> {
  const { seed, augmentation, onProgress, signal } = options;
  const onWarning = options.onWarning ?? ((message: string) => process.emitWarning(message));
  signal?.throwIfAborted();
  const loaded = await load(spec, { onWarning, ...(onProgress && { onProgress }), ...(signal && { signal }) });
  const { validation, limit, normalization, workers } = spec;
  return new ImageDataset(loaded, {
    ...{ seed, validation },
    ...(limit !== undefined && { limit }),
    ...(normalization && { normalization }),
    ...(augmentation && { augmentation }),
    ...(workers !== undefined && { workers }),
  });
}

function load(spec: DatasetSpec, options: LoadOptions): Promise<LoadedDataset> {
  if (spec.kind === 'folder') return loadImageFolder(spec, options);
  const loaders = { mnist: loadMnist, 'fashion-mnist': loadFashionMnist, cifar10: loadCifar10 };
  return loaders[spec.name](spec.directory, options);
}
