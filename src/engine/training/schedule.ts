import type { LearningRateSchedule } from '../../config/plan';

export interface RateOptions {
  readonly totalSteps: number;
  /** Steps in which the rate rises linearly to `peak`; the schedule runs over the steps after them. */
  readonly warmupSteps: number;
  readonly peak: number;
  readonly schedule: LearningRateSchedule;
}

/**
 * Learning rate of a step, counted from 0. Cosine falls to 0 at the end (Loshchilov & Hutter 2017, "SGDR", without
 * restarts); the milestones of `step` are shares of the whole training, warm-up included.
 */
export function learningRate(step: number, { totalSteps, warmupSteps, peak, schedule }: RateOptions): number {
  // The first step already moves: a rate of exactly 0 would waste a batch.
  if (step < warmupSteps) return (peak * (step + 1)) / (warmupSteps + 1);
  switch (schedule.kind) {
    case 'constant':
      return peak;
    case 'cosine': {
      const progress = (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
      return (peak / 2) * (1 + Math.cos(Math.PI * progress));
    }
    case 'step': {
      const passed = schedule.milestones.filter((share) => step >= share * totalSteps).length;
      return peak * schedule.decay ** passed;
    }
  }
}

/** Steps of so many epochs, which may be a fraction; anything above 0 is at least one step. */
export function stepsOf(epochs: number, stepsPerEpoch: number): number {
  return epochs === 0 ? 0 : Math.max(1, Math.round(epochs * stepsPerEpoch));
}
