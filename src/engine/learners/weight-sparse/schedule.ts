import type { WeightSparseOptions } from '../../../config/learners/weight-sparse';

type Schedule = Pick<WeightSparseOptions, 'begin' | 'end' | 'exponent' | 'frequency'>;

/** First and last training step at which masks are updated. */
export function pruningSteps(options: Schedule, totalSteps: number): { first: number; last: number } {
  const first = Math.floor(options.begin * totalSteps);
  return { first, last: Math.min(Math.max(Math.floor(options.end * totalSteps), first), Math.max(totalSteps - 1, 0)) };
}

/** Whether the masks change before training step `step` (from 0): every `frequency` steps, and at the last one. */
export function isUpdateStep(step: number, options: Schedule, totalSteps: number): boolean {
  const { first, last } = pruningSteps(options, totalSteps);
  if (step < first || step > last) return false;
  return (step - first) % options.frequency === 0 || step === last;
}

/**
 * Sparsity at a training step (Zhu & Gupta 2017, eq. 1):
 * `s_t = s_f + (s_i - s_f) (1 - (t - t_0) / (t_1 - t_0)) ^ exponent`, the paper's exponent being 3.
 *
 * @param initial Sparsity before training, [0, 1).
 * @param final Sparsity to reach, [0, 1).
 */
export function scheduledSparsity(
  step: number,
  initial: number,
  final: number,
  options: Schedule,
  totalSteps: number,
): number {
  const { first, last } = pruningSteps(options, totalSteps);
  if (step < first) return initial;
  if (step >= last) return final;
  return final + (initial - final) * (1 - (step - first) / (last - first)) ** options.exponent;
}
