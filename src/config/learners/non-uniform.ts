import { z } from 'zod';
import type { LearnerConfig } from './learner-config';
import { firstAndLast } from './first-and-last';
import { rounding } from './rounding';

/** Han et al. 2016, "Deep Compression". */
export const nonUniformOptions = z.strictObject({
  codebook: z
    .union([z.enum(['layer', 'channel']), z.number().int().min(16).max(1_000_000)])
    .default('layer')
    .describe('Weights that share a codebook: all of a layer, those of an output channel, or so many in a row.')
    .meta({ source: 'Han et al. 2016', replaces: ['nuql_bucket_size'] }),
  start: z
    .enum(['kmeans++', 'quantile', 'uniform', 'linear'])
    .default('kmeans++')
    .describe(
      'Where k-means begins: kmeans++ draws far values with more weight; quantile gives every entry as many weights; uniform takes the middle of as many equal parts of the range; linear goes from the smallest weight to the largest.',
    )
    .meta({
      source: 'Arthur & Vassilvitskii 2007 (kmeans++); Han et al. 2016 (linear)',
      replaces: ['nuql_init_style'],
    }),
  iterations: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(100)
    .describe('Steps of k-means at most; it ends when no weight changes its entry. 0 leaves the start as it is.'),
  train: z
    .enum(['weights', 'clusters', 'both'])
    .default('weights')
    .describe(
      'What training moves: the weights, which may change to another entry; the entries, each by the sum of the gradients of its weights; or both.',
    )
    .meta({ source: 'Han et al. 2016', replaces: ['nuql_opt_mode'] }),
  firstAndLast: firstAndLast('float').meta({
    replaces: [{ flag: 'nuql_quantize_all_layers', as: { values: { true: 'same', false: 'float' } } }],
  }),
  rounding: rounding('adaptive'),
  samples: z
    .number()
    .int()
    .min(16)
    .max(100_000)
    .default(512)
    .describe('Training images for adaptive rounding; no labels.'),
  recalibrate: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(2048)
    .describe('Training images for batch-norm recalibration; 0 for none.')
    .meta({ source: 'Li et al. 2020 (EagleEye)' }),
});
export type NonUniformOptions = z.output<typeof nonUniformOptions>;

export const nonUniform = {
  options: nonUniformOptions,
  metrics: ['bits'],
  exampleTarget: '`target: { bits: 4 }` leaves each layer 16 different weights',
  otherMetric: (metric) =>
    `the learner \`non-uniform\` leaves few different weights, which a target for \`${metric}\` does not count: use \`bits\``,
  layerKey: 'bits',
} as const satisfies LearnerConfig;
