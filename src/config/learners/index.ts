import type { z } from 'zod';
import { channel } from './channel';
import { disChnPruned } from './dis-chn-pruned';
import { fullPrec } from './full-prec';
import type { LearnerConfig } from './learner-config';
import { nonUniform } from './non-uniform';
import { uniform } from './uniform';
import { weightSparse } from './weight-sparse';

/** By PocketFlow's learner ids. */
export const learners = {
  'full-prec': fullPrec,
  channel,
  'dis-chn-pruned': disChnPruned,
  'weight-sparse': weightSparse,
  uniform,
  'non-uniform': nonUniform,
} as const satisfies Record<string, LearnerConfig>;

export type LearnerId = keyof typeof learners;
export const learnerIds = Object.keys(learners) as LearnerId[];

/** Options of a learner with every default filled in. */
export type LearnerOptions<L extends LearnerId> = z.output<(typeof learners)[L]['options']>;

export { targetMetrics, type LearnerConfig, type TargetMetric } from './learner-config';
