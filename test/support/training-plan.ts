import type { TrainingPlan } from '../../src/config/plan';

/** A plain plan, with what a test is about changed. */
export function trainingPlan(changes: Partial<TrainingPlan> = {}): TrainingPlan {
  return {
    mode: 'finetune',
    epochs: 3,
    batchSize: 16,
    learningRate: 0.1,
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false },
    weightDecay: 1e-4,
    schedule: { kind: 'cosine' },
    warmupEpochs: 0,
    labelSmoothing: 0,
    augmentation: { enabled: false, cutout: 0 },
    ...changes,
  };
}
