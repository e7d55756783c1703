import { z } from 'zod';
import { firstAndLast } from './first-and-last';
import type { LearnerConfig } from './learner-config';
import { rounding } from './rounding';

/** Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference". */
export const uniformOptions = z.strictObject({
  activationBits: z
    .union([z.number().int().min(2).max(8), z.literal(32)])
    .default(8)
    .describe('Bits of what passes between layers; 32 leaves it in floating point.')
    .meta({ source: 'Jacob et al. 2018', replaces: ['uql_activation_bits'] }),
  buckets: z
    .enum(['channel', 'layer'])
    .default('channel')
    .describe('Weights that share a range: those of an output channel, or all of a layer.')
    .meta({ replaces: [{ flag: 'uql_bucket_type', as: { values: { channel: 'channel' } } }] }),
  weightRange: z
    .enum(['mse', 'max'])
    .default('mse')
    .describe('Range of the weights: the one with the least squared error, or up to the largest magnitude.'),
  activationRange: z
    .enum(['mse', 'percentile', 'max'])
    .default('mse')
    .describe('Range of activations on the calibration images: least squared error, 99.99 % of the values, or all.'),
  firstAndLast: firstAndLast(8).meta({
    source: 'Esser et al. 2020',
    replaces: [{ flag: 'uql_quantize_all_layers', as: { values: { true: 'same', false: 'float' } } }],
  }),
  equalize: z
    .boolean()
    .default(false)
    .describe(
      'Before rounding, scale channels between a layer and the one that alone reads it, so that their weights are as large in both (cross-layer equalization). For `buckets: layer`, where channels share a range.',
    )
    .meta({ source: 'Nagel et al. 2019' }),
  rounding: rounding('adaptive'),
  biasCorrection: z
    .boolean()
    .default(true)
    .describe('Make up in the biases for what rounding the weights does to the mean of each output.')
    .meta({ source: 'Nagel et al. 2019' }),
  learnRanges: z
    .boolean()
    .default(false)
    .describe(
      'While training, learn the ranges of weights and activations by gradient, in place of keeping and following them.',
    )
    .meta({ source: 'Esser et al. 2020 (LSQ); Bhalgat et al. 2020 (LSQ+)' }),
  samples: z.number().int().min(16).max(100_000).default(512).describe('Training images for calibration; no labels.'),
});
export type UniformOptions = z.output<typeof uniformOptions>;

export const uniform = {
  options: uniformOptions,
  metrics: ['bits'],
  exampleTarget: '`target: { bits: 8 }` stores each weight in 8 bits',
  otherMetric: (metric) =>
    `the learner \`uniform\` rounds weights to few bits, which a target for \`${metric}\` does not count: use \`bits\``,
  layerKey: 'bits',
} as const satisfies LearnerConfig;
