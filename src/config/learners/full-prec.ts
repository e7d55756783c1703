import { z } from 'zod';
import type { LearnerConfig } from './learner-config';

export const fullPrec = {
  options: z.strictObject({}),
  metrics: [],
  exampleTarget: '',
  otherMetric: () => 'the learner `full-prec` trains and does not compress: remove `target`, or choose another learner',
} as const satisfies LearnerConfig;
