import { z } from 'zod';
import type { LearnerConfig } from './learner-config';

/** Zhu & Gupta 2017, "To prune, or not to prune". */
export const weightSparseOptions = z
  .strictObject({
    begin: z
      .number()
      .min(0)
      .lt(1)
      .default(0.1)
      .describe('When pruning begins, as a share of the training steps.')
      .meta({ replaces: ['ws_iter_ratio_beg'] }),
    end: z
      .number()
      .gt(0)
      .max(1)
      .default(0.5)
      .describe('When the final sparsity is reached, as a share of the training steps.')
      .meta({ replaces: ['ws_iter_ratio_end'] }),
    exponent: z
      .number()
      .min(1)
      .max(10)
      .default(3)
      .describe('Exponent of the schedule; 3 prunes fast at first.')
      .meta({ source: 'Zhu & Gupta 2017', replaces: ['ws_prune_ratio_exp'] }),
    frequency: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe('Training steps between two updates of the masks.')
      .meta({ replaces: ['ws_mask_update_step'] }),
  })
  .refine((options) => options.begin < options.end, {
    message: 'must be later than `begin`',
    path: ['end'],
  });
export type WeightSparseOptions = z.output<typeof weightSparseOptions>;

export const weightSparse = {
  options: weightSparseOptions,
  metrics: ['sparsity'],
  exampleTarget: '`target: { sparsity: 0.8 }` sets 80 % of the weights to zero',
  otherMetric: (metric) =>
    `the learner \`weight-sparse\` sets weights to zero, which a target for \`${metric}\` does not count: use \`sparsity\`, or \`learner: channel\``,
  layerKey: 'sparsity',
  searchable: true,
} as const satisfies LearnerConfig;
