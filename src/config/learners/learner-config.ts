import type { z } from 'zod';

/** What a target can count. */
export const targetMetrics = ['flops', 'params', 'bytes', 'sparsity', 'bits'] as const;
export type TargetMetric = (typeof targetMetrics)[number];

/** What the config language has to know of a learner; the algorithm is in `src/engine/learners`. */
export interface LearnerConfig {
  /** Schema of `options`. */
  readonly options: z.ZodObject;
  /** Metrics that a target can aim at, the usual one first; none for a learner that does not compress. */
  readonly metrics: readonly TargetMetric[];
  /** A target with what it does, for whoever left it out. */
  readonly exampleTarget: string;
  /** What to say to a target with another metric. */
  readonly otherMetric: (metric: string) => string;
  /** Key of an entry under `layers` that decides for a layer in place of the target. */
  readonly layerKey?: 'keep' | 'sparsity' | 'bits';
}
