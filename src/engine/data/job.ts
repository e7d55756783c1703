import type { Augmentation } from './augmentation';
import type { RingGeometry } from './ring';
import type { SampleSource } from './source';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly source: SampleSource;
  /** Class of each sample, in shared memory. */
  readonly labels: Int32Array;
  readonly imageShape: readonly [number, number, number];
  /** Of `normalizationTable`. */
  readonly table: Float32Array;
  readonly seed: number;
}

/** One pass over samples, as a worker gets it. */
export interface Job {
  readonly id: number;
  readonly memory: SharedArrayBuffer;
  readonly geometry: RingGeometry;
  /** Samples in the order of the pass, in shared memory; batch q has those from q * batchSize on. */
  readonly order: Uint32Array;
  readonly batches: number;
  /** This worker makes batch q where q mod `workers` is `worker`. */
  readonly worker: number;
  readonly workers: number;
  readonly epoch: number;
  /** Absent: samples stay as they are. */
  readonly augmentation?: Augmentation;
}

/** What a worker says when it can't go on with a job. */
export interface JobFailure {
  readonly id: number;
  readonly message: string;
}
