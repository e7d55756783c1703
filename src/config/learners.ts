import { z } from 'zod';

/** PocketFlow's learner ids. */
export const learnerIds = ['full-prec', 'channel', 'weight-sparse'] as const;
export type LearnerId = (typeof learnerIds)[number];

/** He et al. 2017, "Channel Pruning for Accelerating Very Deep Neural Networks". */
export const channelOptions = z.strictObject({
  selection: z
    .enum(['lasso', 'magnitude'])
    .default('lasso')
    .describe('How channels are chosen: LASSO regression on sampled features, or the L1 norm of their filters.'),
  reconstruct: z
    .boolean()
    .default(true)
    .describe('Solve for the weights that best give back the original output from the channels that stay.'),
  samples: z
    .number()
    .int()
    .min(16)
    .max(100_000)
    .default(512)
    .describe('Training images that features are sampled from.'),
  positions: z.number().int().min(1).max(1000).default(10).describe('Positions sampled from each feature map.'),
  multipleOf: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe(
      'Keep channel counts divisible by this: processors work on 8 or more channels at once, so other counts save little time. Halved for layers that are not twice as wide.',
    ),
  residual: z
    .enum(['prune', 'keep'])
    .default('keep')
    .describe(
      'Whether channels that residual additions tie together are pruned too, or only those inside the blocks, which costs less accuracy.',
    ),
  recalibrate: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(2048)
    .describe('Training images for batch-norm recalibration; 0 for none.'),
});
export type ChannelOptions = z.output<typeof channelOptions>;

/** Zhu & Gupta 2017, "To prune, or not to prune". */
export const weightSparseOptions = z
  .strictObject({
    begin: z.number().min(0).lt(1).default(0.1).describe('When pruning begins, as a share of the training steps.'),
    end: z
      .number()
      .gt(0)
      .max(1)
      .default(0.5)
      .describe('When the final sparsity is reached, as a share of the training steps.'),
    exponent: z.number().min(1).max(10).default(3).describe('Exponent of the schedule; 3 prunes fast at first.'),
    frequency: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe('Training steps between two updates of the masks.'),
  })
  .refine((options) => options.begin < options.end, {
    message: 'must be later than `begin`',
    path: ['end'],
  });
export type WeightSparseOptions = z.output<typeof weightSparseOptions>;

export const optionSchemas = { channel: channelOptions, 'weight-sparse': weightSparseOptions } as const;
