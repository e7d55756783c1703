import { z } from 'zod';
import { channel, channelOptions } from './channel';
import type { LearnerConfig } from './learner-config';

/** Zhuang et al. 2018, "Discrimination-aware Channel Pruning for Deep Neural Networks". */
export const disChnPrunedOptions = channelOptions
  .pick({ multipleOf: true, residual: true, reconstruct: true, recalibrate: true, samples: true, positions: true })
  .extend({
    parts: z
      .number()
      .int()
      .min(1)
      .max(16)
      .default(3)
      .describe(
        'The model is pruned in so many parts from the input on. At the end of each a classifier is added, so that what is kept there is what tells classes apart; the last part ends in the model itself.',
      )
      .meta({ replaces: ['dcp_nb_stages'] }),
    tuneSteps: z
      .number()
      .int()
      .min(0)
      .max(1_000_000)
      .default(400)
      .describe('Training steps of the whole model, with the loss of the added classifier, before a part is pruned.')
      .meta({ replaces: ['dcp_nb_iters_block'] }),
    layerSteps: z
      .number()
      .int()
      .min(0)
      .max(100_000)
      .default(64)
      .describe('Training steps of the layers that read a group of channels while channels are added to it.')
      .meta({ replaces: ['dcp_nb_iters_layer'] }),
    learningRate: z
      .number()
      .gt(0)
      .max(1)
      .default(1e-3)
      .describe("Adam's learning rate in these steps.")
      .meta({ replaces: ['dcp_lrn_rate_adam'] }),
    discrimination: z
      .number()
      .gt(0)
      .max(1000)
      .default(1)
      .describe("Weight of the classifier's loss beside the squared error from the original features."),
    tolerance: z
      .number()
      .min(0)
      .lt(1)
      .default(0)
      .describe(
        'Adding channels stops when a round of it lowers the loss by less than this share of what it was at first, even if the target allows more. 0: the target alone decides.',
      ),
  });
export type DisChnPrunedOptions = z.output<typeof disChnPrunedOptions>;

export const disChnPruned = {
  ...channel,
  options: disChnPrunedOptions,
  otherMetric: () =>
    'the learner `dis-chn-pruned` removes channels and leaves no zeros: use `flops`, `params` or `bytes`, or `learner: weight-sparse`',
} as const satisfies LearnerConfig;
