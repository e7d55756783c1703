import type { LayerRule } from '../../../config/plan';
import type { Graph } from '../../graph/graph';
import type { Decision } from '../../search/space';
import type { Learner, StageOf } from '../learner';
import { uniformSparsity, type SparsityDecision } from './decision';
import { searchedSparsity, searchSparsity } from './search';
import { GradualPruning, pruneAtOnce } from './weight-sparse';

/** Weight sparsification with a dynamic schedule (Zhu & Gupta 2017). */
export const weightSparse: Learner<'weight-sparse'> = {
  plan(graph, stage, layers) {
    return pruneAtOnce(graph, uniformSparsity(graph, stage.target, layers));
  },
  async apply(graph, stage, { layers }, decision) {
    return { graph: pruneAtOnce(graph, sparsities(graph, stage, layers, decision)) };
  },
  search: searchSparsity,
  hook(start, stage, layers, decision) {
    return new GradualPruning(start, sparsities(start, stage, layers, decision), stage.options);
  },
};

function sparsities(
  graph: Graph,
  { target }: StageOf<'weight-sparse'>,
  layers: readonly LayerRule[],
  decision: Decision | undefined,
): SparsityDecision {
  return decision ? searchedSparsity(graph, layers, decision) : uniformSparsity(graph, target, layers);
}
