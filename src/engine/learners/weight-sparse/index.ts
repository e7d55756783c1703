import type { Learner } from '../learner';
import { uniformSparsity } from './decision';
import { GradualPruning, pruneAtOnce } from './weight-sparse';

/** Weight sparsification with a dynamic schedule (Zhu & Gupta 2017). */
export const weightSparse: Learner<'weight-sparse'> = {
  plan(graph, stage, layers) {
    return pruneAtOnce(graph, uniformSparsity(graph, stage.target, layers));
  },
  async apply(graph, stage, { layers }) {
    return { graph: pruneAtOnce(graph, uniformSparsity(graph, stage.target, layers)) };
  },
  hook(start, stage, layers) {
    return new GradualPruning(start, uniformSparsity(start, stage.target, layers), stage.options);
  },
};
