import type { Finding } from '../config/problem';

/**
 * What is known of the world around a config at the moment. The language works without any of it and better with it;
 * whoever serves the language finds it out, and asks again when it has changed.
 */
export interface Surroundings {
  /** The model that the config names. */
  readonly model?: ModelFacts;
  /** What the run would come to; of the present text. */
  readonly outlook?: Outlook;
  /** The latest run of this config. */
  readonly lastRun?: LastRun;
  /** Files that the config could name. */
  readonly files?: NearbyFiles;
  /** Files that it names and that are not there. */
  readonly missing?: readonly Finding[];
}

/** A model as its file or the zoo describes it. */
export interface ModelFacts {
  readonly name: string;
  /** Those with weights, in the order of the model. */
  readonly layers: readonly LayerFacts[];
  readonly total: Size;
}

export interface Size {
  /** Multiply-adds x 2 for one sample. */
  readonly flops: number;
  readonly params: number;
  readonly bytes: number;
}

export interface LayerFacts extends Pick<Size, 'flops' | 'params'> {
  readonly name: string;
  readonly kind: string;
  /** Of the output, without the batch. */
  readonly shape: readonly number[];
}

/** What each stage would make of the model; it ends with a stage that can't be done. */
export interface Outlook {
  readonly stages: readonly StageOutlook[];
}

export type StageOutlook =
  | { readonly before: Size; readonly after: Size }
  | {
      /** Why the stage can't be done. */
      readonly problem: string;
      readonly hint?: string;
      /** The smallest target that could be reached, where that is why. */
      readonly reachable?: number;
    };

export interface LastRun {
  readonly id: string;
  /** Folder of the run, an absolute path. */
  readonly directory: string;
  readonly status: 'running' | 'finished' | 'stopped' | 'failed' | 'dead';
  /** ISO 8601. */
  readonly startedAt: string;
  /** What the latest stage has made of each layer. */
  readonly layers: readonly LayerResult[];
}

export interface LayerResult {
  readonly name: string;
  /** Output channels before and after. */
  readonly channels: readonly [before: number, after: number];
  /** Share of the weights that are zero. */
  readonly sparsity: number;
  readonly bits?: { readonly weights: number; readonly activations?: number | undefined } | undefined;
}

/** Paths as a config would write them. */
export interface NearbyFiles {
  readonly models: readonly string[];
  readonly folders: readonly string[];
}
