import type { LayerRule } from '../../../config/plan';
import type { Graph } from '../../graph/graph';
import type { Decision } from '../../search/space';
import type { Learner, StageOf } from '../learner';
import { sparseCandidate } from './candidate';
import { decideSparsity, type SparsityDecision } from './decision';
import { parsePattern } from './pattern';
import { searchedSparsity, searchSparsity } from './search';
import { GradualPruning, pruneAtOnce } from './weight-sparse';

/** Weight sparsification, with a dynamic schedule (Zhu & Gupta 2017) or in one shot (Frantar & Alistarh 2023). */
export const weightSparse: Learner<'weight-sparse'> = {
  plan(graph, stage, layers) {
    return pruneAtOnce(graph, sparsities(graph, stage, layers), parsePattern(stage.options.pattern));
  },
  apply(graph, stage, context, decision) {
    return sparseCandidate(graph, sparsities(graph, stage, context.layers, decision), stage, context);
  },
  search: searchSparsity,
  hook(start, stage, layers, decision) {
    if (stage.options.method === 'obs') return undefined;
    return new GradualPruning(start, sparsities(start, stage, layers, decision), stage.options);
  },
};

function sparsities(
  graph: Graph,
  { target, options }: StageOf<'weight-sparse'>,
  layers: readonly LayerRule[],
  decision?: Decision,
): SparsityDecision {
  return decision ? searchedSparsity(graph, layers, decision) : decideSparsity(graph, target, options, layers);
}
