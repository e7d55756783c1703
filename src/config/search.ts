import { z } from 'zod';

export const samplerNames = ['gp', 'tpe', 'ddpg', 'cma-es', 'quasi-random', 'random'] as const;
export type SamplerName = (typeof samplerNames)[number];

/** How a stage with `ratios: auto` looks for its ratios. */
export const searchSchema = z
  .strictObject({
    sampler: z
      .enum(samplerNames)
      .default('tpe')
      .describe(
        'What proposes the next trial. tpe: Parzen estimator, quick with many layers; gp: Gaussian process, needs the fewest trials but thinks longer; ddpg: reinforcement learning, layer after layer, as AMC, for some hundreds of trials; cma-es: evolution strategy, for some hundreds of trials; quasi-random, random: no learning.',
      )
      .meta({
        source: 'Bergstra et al. 2011 (tpe); Ament et al. 2023 (gp); He et al. 2018 (ddpg); Hansen 2016 (cma-es)',
      }),
    trials: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(50)
      .describe('Candidates to try, the seeds (uniform ratios and other rules of thumb) included.'),
    samples: z
      .number()
      .int()
      .min(16)
      .default(2000)
      .describe(
        'Validation images that a trial is scored on, always the same. Of a folder of images, which is in the order of its classes, all count.',
      ),
    confirm: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('Best trials that are scored again on the whole validation split before the best of them is taken.'),
  })
  .describe('The search for ratios, with `ratios: auto`.');
export type SearchPlan = z.output<typeof searchSchema>;
