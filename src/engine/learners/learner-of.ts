import type { LearnerId } from '../../config/learners';
import type { StagePlan } from '../../config/plan';
import { channel } from './channel';
import { disChnPruned } from './dis-chn-pruned';
import { fullPrec } from './full-prec';
import type { Learner } from './learner';
import { nonUniform } from './non-uniform';
import { uniform } from './uniform';
import { weightSparse } from './weight-sparse';

const learners: { readonly [L in LearnerId]: Learner<L> } = {
  'full-prec': fullPrec,
  channel,
  'dis-chn-pruned': disChnPruned,
  'weight-sparse': weightSparse,
  uniform,
  'non-uniform': nonUniform,
};

/** The learner of a stage, its type matched to it. */
export function learnerOf(stage: StagePlan): Learner<typeof stage.learner> {
  // The table is keyed by the stage's own learner id; the compiler can't correlate the two (TypeScript issue 30581).
  return learners[stage.learner] as Learner<typeof stage.learner>;
}
