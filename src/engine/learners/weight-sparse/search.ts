import { ruleFor } from '../../../config/layer-patterns';
import type { LayerRule } from '../../../config/plan';
import type { Graph } from '../../graph/graph';
import { hasWeight, type WeightNode } from '../../graph/node';
import { size } from '../../graph/shape';
import { fitToBudget, type Budget } from '../../search/budget';
import { Space, type Decision } from '../../search/space';
import { LearnerError } from '../learner-error';
import { layerFeatures } from '../layer-features';
import type { LearnerContext, SearchTask, StageOf } from '../learner';
import { sparseCandidate } from './candidate';
import type { SparsityDecision } from './decision';
import { protocols } from './protocols';

/** A layer that lost all its weights would cut the model in two. */
const MOST_SPARSE = 0.995;

/** Layers whose sparsity `layers` leaves open: a dimension of the search each, in this order. */
function freeLayers(graph: Graph, rules: readonly LayerRule[]): readonly WeightNode[] {
  return graph.nodes.filter(hasWeight).filter(({ name }) => {
    const { skip, sparsity } = ruleFor(rules, name);
    return !skip && sparsity === undefined;
  });
}

/** The sparsities that a searched decision stands for, with those that `layers` sets. */
export function searchedSparsity(graph: Graph, rules: readonly LayerRule[], decision: Decision): SparsityDecision {
  const free = freeLayers(graph, rules);
  const chosen = new Map(free.map(({ name }, i) => [name, Number(decision[i])]));
  for (const node of graph.nodes) {
    const { skip, sparsity } = ruleFor(rules, node.name);
    if (hasWeight(node) && !skip && sparsity !== undefined) chosen.set(node.name, sparsity);
  }
  return new Map([...chosen].filter(([, sparsity]) => sparsity > 0));
}

/**
 * The search for each layer's sparsity, the target being that of all free layers together. Candidates are pruned at once;
 * with `method: gradual` the one that is chosen is then pruned while it trains, as without a search.
 * @throws LearnerError when there is nothing to search for.
 */
export async function searchSparsity(
  graph: Graph,
  stage: StageOf<'weight-sparse'>,
  context: LearnerContext,
): Promise<SearchTask> {
  const { target, options } = stage;
  const { layers } = context;
  if (!target) throw new LearnerError('a search needs a target', 'set target.sparsity');
  if (options.pattern !== 'none')
    throw new LearnerError(`the pattern ${options.pattern} decides every sparsity`, 'set ratios: uniform');
  const free = freeLayers(graph, layers);
  if (free.length === 0)
    throw new LearnerError('`layers` decides every sparsity: there is none to search for', 'set ratios: uniform');
  if (target.value > MOST_SPARSE) {
    throw new LearnerError(
      `target.sparsity ${target.value} leaves a search no choice: it leaves each layer ${(1 - MOST_SPARSE).toFixed(3)} of its weights`,
      `lower the target to ${MOST_SPARSE}, or set ratios: uniform`,
    );
  }
  const weights = free.map(({ params }) => params.weight);
  const counts = weights.map(({ shape }) => size(shape));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const features = layerFeatures(graph);
  const space = new Space(
    free.map(({ name }) => ({
      name,
      layer: name,
      kind: 'float',
      low: 0,
      high: MOST_SPARSE,
      features: features.get(name) ?? [],
    })),
  );
  const budget: Budget = {
    limit: (1 - target.value) * total,
    cost: (decision) => decision.reduce<number>((sum, sparsity, i) => sum + counts[i] * (1 - Number(sparsity)), 0),
    frugal: free.map(() => 'high'),
  };
  const seeds = Object.entries(protocols).map(
    ([name, share]) => [name, fitToBudget(space, budget, share(weights, target.value, MOST_SPARSE))] as const,
  );
  return {
    space,
    budget,
    seeds: new Map(seeds),
    candidate: (decision) => sparseCandidate(graph, searchedSparsity(graph, layers, decision), stage, context),
  };
}
