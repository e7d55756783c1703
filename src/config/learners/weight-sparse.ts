import { z } from 'zod';
import type { LearnerConfig } from './learner-config';

/** Zhu & Gupta 2017, "To prune, or not to prune"; in one shot Frantar & Alistarh 2023, "SparseGPT". */
export const weightSparseOptions = z
  .strictObject({
    protocol: z
      .enum(['uniform', 'heuristic', 'erk', 'lamp', 'global'])
      .default('uniform')
      .describe(
        'How the target is shared out among the layers: the same for each; more for larger ones (heuristic: by the logarithm of their size; erk: by the sum of their dimensions); or by comparing all weights of the model, by their magnitude (global) or relative to the larger ones of their layer (lamp).',
      )
      .meta({
        source: 'Evci et al. 2020 (ERK); Lee et al. 2021 (LAMP); Han et al. 2015 (global)',
        replaces: [{ flag: 'ws_prune_ratio_prtl', as: { values: { uniform: 'uniform', heurist: 'heuristic' } } }],
      }),
    method: z
      .enum(['gradual', 'obs'])
      .default('gradual')
      .describe(
        'Set more and more of the smallest weights to zero while the model trains; or all at once by the optimal brain surgeon, which mends with the other weights of a layer what each zero costs, before training goes on with the zeros kept.',
      )
      .meta({ source: 'Zhu & Gupta 2017; Frantar & Alistarh 2023 (SparseGPT)' }),
    pattern: z
      .enum(['none', '2:4', '1:4', '4:8'])
      .default('none')
      .describe(
        'Keep that many of each group of neighbouring input channels, as sparse tensor cores need it (2:4). Takes the target that it makes: 0.5, for 1:4 0.75. Layers whose input channels are not divisible by the group stay whole.',
      )
      .meta({ source: 'Mishra et al. 2021' }),
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
    samples: z
      .number()
      .int()
      .min(16)
      .max(100_000)
      .default(512)
      .describe('Training images that features are sampled from; for `method: obs`.'),
    positions: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(10)
      .describe('Positions sampled from each feature map; for `method: obs`.'),
    recalibrate: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .default(2048)
      .describe('Training images for batch-norm recalibration before training; 0 for none.')
      .meta({ source: 'Li et al. 2020 (EagleEye)' }),
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
