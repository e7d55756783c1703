import type { Learner } from '../learner';

/** Training without compression. */
export const fullPrec: Learner<'full-prec'> = {
  plan: (graph) => graph,
  apply: async (graph) => ({ graph }),
};
