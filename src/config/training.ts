import { z } from 'zod';
import { modelSchema } from './model';

const distillation = z.strictObject({
  weight: z
    .number()
    .min(0)
    .default(0.25)
    .describe('Weight of the distillation loss beside the cross-entropy.')
    // PocketFlow's loss is not scaled by the square of the temperature, which is 4 there.
    .meta({ replaces: [{ flag: 'loss_w_dst', as: { times: 1 / 16 } }] }),
  temperature: z
    .number()
    .gt(0)
    .max(100)
    .default(4)
    .describe('Temperature that softens both outputs; the loss is scaled by its square.')
    .meta({ replaces: ['tempr_dst'] }),
  features: z
    .number()
    .min(0)
    .max(10_000)
    .default(0)
    .describe(
      'Weight of attention transfer: the feature maps learn to be active where those of the teacher are. 0: none.',
    ),
  teacher: modelSchema
    .optional()
    .describe('Model to learn from, with its weights, in place of the original: a better one of the same task.'),
});
export type Distillation = z.output<typeof distillation>;

/** Everything optional: what is left out is chosen by model and data set in `resolve.ts`. */
export const trainingSchema = z
  .strictObject({
    mode: z
      .enum(['finetune', 'retrain'])
      .optional()
      .describe('Go on from the compressed weights, or train the compressed architecture anew.')
      .meta({
        replaces: [
          { flag: 'cp_finetune', as: { values: { true: 'finetune' } } },
          { flag: 'cp_retrain', as: { values: { true: 'retrain' } } },
        ],
      }),
    epochs: z
      .number()
      .min(0)
      .max(10_000)
      .optional()
      .describe('Passes over the training set; a part of one is allowed. 0: no training.')
      .meta({ replaces: [{ flag: 'nb_epochs_rat', as: 'epochs' }, 'uql_quant_epochs', 'nuql_quant_epochs'] }),
    batchSize: z
      .number()
      .int()
      .min(1)
      .max(65_536)
      .optional()
      .describe('Samples in a training step.')
      .meta({ replaces: ['batch_size'] }),
    learningRate: z
      .number()
      .gt(0)
      .max(10)
      .optional()
      .describe('Learning rate at the start of the schedule.')
      .meta({ replaces: [{ flag: 'lrn_rate_init', as: 'batchRate' }, 'cp_lrn_rate_ft'] }),
    optimizer: z.enum(['sgd', 'adam', 'adamw']).optional().describe('Update rule.'),
    momentum: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe('Momentum of SGD.')
      .meta({ replaces: ['momentum'] }),
    nesterov: z.boolean().optional().describe("Nesterov's momentum, for SGD."),
    weightDecay: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('L2 decay of conv and dense weights.')
      .meta({ replaces: ['loss_w_dcy'] }),
    schedule: z
      .enum(['cosine', 'step', 'constant'])
      .optional()
      .describe('How the learning rate falls.')
      .meta({ source: 'cosine: Loshchilov & Hutter 2017 (SGDR)' }),
    milestones: z
      .array(z.number().gt(0).lt(1))
      .optional()
      .describe('For schedule step: where the rate drops, as shares of the training.'),
    decay: z.number().gt(0).lt(1).optional().describe('For schedule step: factor of each drop.'),
    warmupEpochs: z.number().min(0).optional().describe('Epochs in which the rate rises from 0.'),
    labelSmoothing: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe('Probability mass moved from the label to all classes.')
      .meta({ source: 'Szegedy et al. 2016' }),
    clipNorm: z.number().gt(0).optional().describe('Largest global gradient norm.'),
    ema: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe('Decay of a moving average of the parameters, which is then what is kept.'),
    augment: z.boolean().optional().describe("The data set's standard augmentation: pad and crop, flip."),
    cutout: z
      .number()
      .int()
      .min(0)
      .max(512)
      .optional()
      .describe('Side of the square that cutout blanks, pixels; 0: none.')
      .meta({ source: 'DeVries & Taylor 2017' }),
    distillation: z
      .union([z.boolean(), distillation])
      .optional()
      .describe('Learn from the outputs of the original model as well.')
      .meta({ source: 'Hinton et al. 2015', replaces: ['enbl_dst'] }),
  })
  .describe('How the compressed model is trained.');
export type TrainingInput = z.output<typeof trainingSchema>;
