import { learnerIds } from '../learners';
import { learnerOfFlag } from './pocketflow-flags';

/** Flags of the search for the ratios of layers, whichever learner it is for. */
const searchFlags =
  /^ddpg_|_nb_rlouts|_enbl_rl_|_enbl_random_layers$|_equivalent_bits$|_w_bit_m(in|ax)$|_tune_|^cp_(reward_policy|noise_tolerance|prune_option)$|^ws_(reward_type|prune_ratio_prtl|lrn_rate_|nb_iters_)/;

/** What a flag would be about that is neither in the config nor given up: the answer ends "... is not supported yet". */
export function pendingPart(flag: string): string {
  if (searchFlags.test(flag)) return 'searching for the ratios of layers';
  const learner = learnerOfFlag(flag);
  if (learner === undefined) return 'this flag';
  return (learnerIds as readonly string[]).includes(learner)
    ? `this option of the learner \`${learner}\``
    : `the learner \`${learner}\``;
}
