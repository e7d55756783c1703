import { z } from 'zod';
import type { LearnerConfig } from './learner-config';

/** He et al. 2017, "Channel Pruning for Accelerating Very Deep Neural Networks". */
export const channelOptions = z.strictObject({
  selection: z
    .enum(['obs', 'lasso', 'magnitude'])
    .default('obs')
    .describe(
      'How channels are chosen: one after the other by the optimal brain surgeon, always the one whose loss the others can make good best; by LASSO regression on sampled features; or by the L1 norm of their filters.',
    )
    .meta({
      source: 'Hassibi & Stork 1993 and Kurtic et al. 2023; He et al. 2017; Li et al. 2017',
      replaces: [{ flag: 'cp_lasso', as: { values: { true: 'lasso', false: 'magnitude' } } }],
    }),
  reconstruct: z
    .boolean()
    .default(true)
    .describe('Solve for the weights that best give back the original output from the channels that stay.')
    .meta({ source: 'He et al. 2017' }),
  samples: z
    .number()
    .int()
    .min(16)
    .max(100_000)
    .default(512)
    .describe('Training images that features are sampled from.')
    .meta({ replaces: [{ flag: 'cp_nb_batches', as: { times: 128 } }] }),
  positions: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('Positions sampled from each feature map.')
    .meta({ replaces: ['cp_nb_points_per_layer'] }),
  multipleOf: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe(
      'Keep channel counts divisible by this: processors work on 8 or more channels at once, so other counts save little time. Halved for layers that are not twice as wide.',
    )
    .meta({ replaces: [{ flag: 'cp_quadruple', as: { values: { true: 4, false: 1 } } }] }),
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
    .describe('Training images for batch-norm recalibration; 0 for none.')
    .meta({ source: 'Li et al. 2020 (EagleEye)' }),
});
export type ChannelOptions = z.output<typeof channelOptions>;

export const channel = {
  options: channelOptions,
  metrics: ['flops', 'params', 'bytes'],
  exampleTarget: '`target: { flops: 0.5 }` keeps half of the FLOPs',
  otherMetric: () =>
    'the learner `channel` removes channels and leaves no zeros: use `flops`, `params` or `bytes`, or `learner: weight-sparse`',
  layerKey: 'keep',
  searchable: true,
} as const satisfies LearnerConfig;
