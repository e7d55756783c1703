import type { ModelInput } from './model';
import type { DistillationPlan, ModelPlan, TrainingPlan } from './plan';
import type { TrainingInput } from './training';

/** Models of about the same size on about the same data want about the same training. */
export type ModelFamily =
  /** LeNet, ConvNet: 28 x 28, no batch norm, minutes. */
  | 'small'
  /** ResNets on 32 x 32 colour images (He et al. 2016, section 4.2). */
  | 'cifar'
  /** ImageNet architectures and folders of photos. */
  | 'imagenet'
  /** The same without residual connections and with few parameters, which want less decay. */
  | 'mobile';

interface Recipe {
  readonly batchSize: number;
  readonly weightDecay: number;
  readonly augment: boolean;
  readonly labelSmoothing: number;
  /** From random weights. */
  readonly retrain: { readonly epochs: number; readonly learningRate: number; readonly warmupEpochs: number };
  /** From compressed weights: long enough to recover, at a rate that does not undo what they know. */
  readonly finetune: { readonly epochs: number; readonly learningRate: number; readonly warmupEpochs: number };
}

/** Learning rates are those of SGD with Nesterov momentum 0.9 at the batch size beside them. */
const recipes: Readonly<Record<ModelFamily, Recipe>> = {
  small: {
    batchSize: 64,
    weightDecay: 5e-4,
    augment: false,
    labelSmoothing: 0,
    retrain: { epochs: 2, learningRate: 0.02, warmupEpochs: 0.2 },
    finetune: { epochs: 2, learningRate: 0.005, warmupEpochs: 0 },
  },
  cifar: {
    batchSize: 128,
    weightDecay: 5e-4,
    augment: true,
    labelSmoothing: 0,
    retrain: { epochs: 160, learningRate: 0.1, warmupEpochs: 0 },
    finetune: { epochs: 40, learningRate: 0.02, warmupEpochs: 0 },
  },
  imagenet: {
    batchSize: 64,
    weightDecay: 1e-4,
    augment: true,
    labelSmoothing: 0.1,
    retrain: { epochs: 90, learningRate: 0.025, warmupEpochs: 5 },
    finetune: { epochs: 20, learningRate: 0.005, warmupEpochs: 0 },
  },
  mobile: {
    batchSize: 64,
    weightDecay: 4e-5,
    augment: true,
    labelSmoothing: 0.1,
    retrain: { epochs: 120, learningRate: 0.025, warmupEpochs: 5 },
    finetune: { epochs: 30, learningRate: 0.005, warmupEpochs: 0 },
  },
};

/** Adam's step does not grow with the batch as SGD's does; these suit every family. */
const adamRates = { retrain: 1e-3, finetune: 2e-4 } as const;
/** Decoupled decay is relative to the learning rate and has to be larger (Loshchilov & Hutter 2019). */
const ADAMW_DECAY = 0.01;

const adamMoments = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
/** A gradient about as large as cross-entropy's: the loss is scaled by the temperature's square, 16, already. */
const defaultDistillation = { weight: 0.25, temperature: 4, features: 0 } as const;

export interface TrainingContext {
  readonly family: ModelFamily;
  /** What is done where the config doesn't say. */
  readonly mode: TrainingPlan['mode'];
  /** Whether the original model teaches where the config doesn't say. */
  readonly distillation: boolean;
  /** Resolves the model that a config names as teacher; absent where none can be. */
  readonly model?: (input: ModelInput) => ModelPlan;
}

/** Fills in what `input` leaves out. */
export function resolveTraining(input: TrainingInput, context: TrainingContext): TrainingPlan {
  const recipe = recipes[context.family];
  const mode = input.mode ?? context.mode;
  const usual = recipe[mode];
  const kind = input.optimizer ?? 'sgd';
  const batchSize = input.batchSize ?? recipe.batchSize;
  const epochs = input.epochs ?? usual.epochs;
  const distillation = resolveDistillation(input.distillation ?? context.distillation, context.model);
  return {
    mode,
    epochs,
    batchSize,
    // Linear scaling (Goyal et al. 2017): the rate goes with the batch size.
    learningRate:
      input.learningRate ?? (kind === 'sgd' ? (usual.learningRate * batchSize) / recipe.batchSize : adamRates[mode]),
    optimizer:
      kind === 'sgd'
        ? { kind, momentum: input.momentum ?? 0.9, nesterov: input.nesterov ?? input.momentum !== 0 }
        : { kind, ...adamMoments },
    weightDecay: input.weightDecay ?? (kind === 'adamw' ? ADAMW_DECAY : recipe.weightDecay),
    schedule:
      input.schedule === 'step'
        ? { kind: 'step', milestones: input.milestones ?? [0.5, 0.75], decay: input.decay ?? 0.1 }
        : { kind: input.schedule ?? 'cosine' },
    warmupEpochs: input.warmupEpochs ?? Math.min(usual.warmupEpochs, epochs / 10),
    labelSmoothing: input.labelSmoothing ?? recipe.labelSmoothing,
    ...(input.clipNorm === undefined ? {} : { clipNorm: input.clipNorm }),
    ...(input.ema === undefined ? {} : { ema: input.ema }),
    augmentation: { enabled: input.augment ?? recipe.augment, cutout: input.cutout ?? 0 },
    ...(distillation ? { distillation } : {}),
  };
}

function resolveDistillation(
  input: NonNullable<TrainingInput['distillation']>,
  model: TrainingContext['model'],
): DistillationPlan | undefined {
  if (input === false) return undefined;
  if (input === true) return defaultDistillation;
  const { teacher, ...rest } = input;
  return { ...rest, ...(teacher !== undefined && model && { teacher: model(teacher) }) };
}
