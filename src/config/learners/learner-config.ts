import type { z } from 'zod';

/** What a target can count. */
export const targetMetrics = ['flops', 'params', 'bytes', 'sparsity', 'bits'] as const;
export type TargetMetric = (typeof targetMetrics)[number];

/**
 * What the config language has to know of a learner; the algorithm is in `src/engine/learners`.
 *
 * Each key of `options` says what it does in `.describe(...)`, and in `.meta(...)` where it comes from and which flags of
 * PocketFlow it replaces (see `option-meta.ts`):
 *
 *     exponent: z.number().min(1).max(10).default(3)
 *       .describe('Exponent of the schedule; 3 prunes fast at first.')
 *       .meta({ source: 'Zhu & Gupta 2017', replaces: ['ws_prune_ratio_exp'] }),
 *     multipleOf: z.number().int().default(8)
 *       .meta({ replaces: [{ flag: 'cp_quadruple', as: { values: { true: 4, false: 1 } } }] }),
 *
 * Hovers, docs and `pocketflow migrate` need no more than that. Flags that a key outside of `options` replaces (`target`,
 * `training`) are named there, in `schema.ts` and `training.ts`; flags without a counterpart, with what became of them,
 * in `src/config/migrate/dropped-flags.ts`.
 */
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
  /** Whether `ratios: auto` can search for its layers' ratios. */
  readonly searchable?: boolean;
}
