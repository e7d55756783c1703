import type { Optimizer } from '../engine/training/optimizer';
import type { LearnerId, LearnerOptions, TargetMetric } from './learners';
import type { ZooName } from './model';
import type { SearchPlan } from './search';
import type { BuiltinDataset, OutputFormat } from './schema';

/**
 * A config with everything decided: paths absolute, defaults filled in, stages always a list. Plain data, so it goes
 * through JSON, into the journal and to other processes as it is.
 */
export interface RunPlan {
  readonly model: ModelPlan;
  readonly dataset: DatasetPlan;
  /** In order; each starts from the result of the one before. Never empty. */
  readonly stages: readonly StagePlan[];
  /** How to train the original model when it comes without weights. */
  readonly baseline: TrainingPlan;
  /** In the order they were written; for a layer that several match, later ones win, field by field. */
  readonly layers: readonly LayerRule[];
  readonly compute: ComputePlan;
  readonly output: OutputPlan;
}

export type ModelPlan =
  | {
      readonly kind: 'zoo';
      readonly name: ZooName;
      /** Multiplier of the channel counts of MobileNets; 1 for every other model. */
      readonly width: number;
      /** Absolute path of the model file that holds the parameters. */
      readonly weights?: string;
    }
  | { readonly kind: 'file'; readonly path: string };

interface DatasetShared {
  /** Per channel, on pixels scaled to [0, 1]; absent: the data set's own. */
  readonly normalization?: { readonly mean: readonly number[]; readonly std: readonly number[] };
  /** Samples held out of the training set: a count when >= 1, else a share. */
  readonly validation: number;
  /** At most this many training samples. */
  readonly limit?: number;
  /** Threads that make batches; absent: 1. */
  readonly workers?: number;
}
export type DatasetPlan =
  | (DatasetShared & {
      readonly kind: 'builtin';
      readonly name: BuiltinDataset;
      /** Absolute path of the folder with the original files; absent: from the package registry. */
      readonly directory?: string;
    })
  | (DatasetShared & {
      readonly kind: 'folder';
      /** Absolute path. */
      readonly folder: string;
      /** Height and width of what the model gets, pixels. */
      readonly imageSize: number;
    });

/** Share to keep, (0, 1]; for sparsity the share of weights set to zero, (0, 1); for bits those of a weight. */
export interface TargetPlan {
  readonly metric: TargetMetric;
  readonly value: number;
}

interface StagePlanOf<L extends LearnerId> {
  readonly learner: L;
  /** A metric that the learner can aim at; absent when `layers` alone decides, or nothing is compressed. */
  readonly target?: TargetPlan;
  /** How its ratios are searched for; absent: every layer has the same. Only where there is a target. */
  readonly search?: SearchPlan;
  readonly options: LearnerOptions<L>;
  readonly training: TrainingPlan;
}
export type StagePlan = { readonly [L in LearnerId]: StagePlanOf<L> }[LearnerId];

export type LearningRateSchedule =
  | { readonly kind: 'cosine' }
  | { readonly kind: 'constant' }
  | {
      readonly kind: 'step';
      /** Where the rate drops, as shares of the training, ascending. */
      readonly milestones: readonly number[];
      /** Factor of each drop. */
      readonly decay: number;
    };

export interface TrainingPlan {
  /** Go on from the weights at hand, or start the architecture anew. */
  readonly mode: 'finetune' | 'retrain';
  /** Passes over the training set; a part of one is allowed, 0 is no training. */
  readonly epochs: number;
  readonly batchSize: number;
  /** After warm-up, before the schedule lowers it. */
  readonly learningRate: number;
  readonly optimizer: Optimizer;
  /** On conv and dense weights. */
  readonly weightDecay: number;
  readonly schedule: LearningRateSchedule;
  /** Epochs in which the rate rises linearly from 0. */
  readonly warmupEpochs: number;
  readonly labelSmoothing: number;
  /** Largest global gradient norm. */
  readonly clipNorm?: number;
  /** Decay of the moving average of the parameters. */
  readonly ema?: number;
  readonly augmentation: {
    /** The data set's standard augmentation. */
    readonly enabled: boolean;
    /** Side of the square that cutout blanks, pixels; 0: none. */
    readonly cutout: number;
  };
  /** Learn from another model as well; never set for the baseline. */
  readonly distillation?: DistillationPlan;
}

export interface DistillationPlan {
  /** Of the loss between the outputs, and the temperature that softens both. */
  readonly weight: number;
  readonly temperature: number;
  /** Weight of attention transfer between feature maps, 0: none. */
  readonly features: number;
  /** Absent: the original model of the run. */
  readonly teacher?: ModelPlan;
}

export interface LayerRule {
  /** Glob over layer names. */
  readonly pattern: string;
  /** Share of the output channels to keep, (0, 1]. */
  readonly keep?: number;
  /** Share of the weights to set to zero, [0, 1). */
  readonly sparsity?: number;
  /** Bits of a weight, 2 to 8. */
  readonly bits?: number;
  readonly skip?: boolean;
}

export interface ComputePlan {
  readonly backend: 'auto' | 'onednn' | 'tfjs-node' | 'wasm';
  readonly precision: 'f32' | 'bf16';
  readonly threads: number | 'auto';
  readonly seed: number;
}

export interface OutputPlan {
  readonly formats: readonly OutputFormat[];
  /** Absolute path; absent: the run's own folder. */
  readonly directory?: string;
}
