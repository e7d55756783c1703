import { ruleFor } from '../../../config/layer-patterns';
import type { LayerRule, TargetPlan } from '../../../config/plan';
import type { Graph } from '../../graph/graph';
import { hasWeight } from '../../graph/node';
import { LearnerError } from '../learner-error';

/** Sparsity to reach for each pruned layer, by layer name, (0, 1). Layers that are left alone are absent. */
export type SparsityDecision = ReadonlyMap<string, number>;

/**
 * The uniform protocol of Zhu & Gupta 2017: the same sparsity for every conv, depthwise and dense weight, except where
 * `layers` says otherwise.
 * @throws LearnerError when that leaves nothing to prune.
 */
export function uniformSparsity(
  graph: Graph,
  target: TargetPlan | undefined,
  rules: readonly LayerRule[],
): SparsityDecision {
  const decision = new Map<string, number>();
  for (const node of graph.nodes) {
    if (!hasWeight(node)) continue;
    const rule = ruleFor(rules, node.name);
    const sparsity = rule.skip ? 0 : (rule.sparsity ?? target?.value ?? 0);
    if (sparsity > 0) decision.set(node.name, sparsity);
  }
  if (decision.size === 0) {
    throw new LearnerError(
      'weight-sparse has no layer to prune',
      'set target.sparsity, or sparsity for some layers under layers:',
    );
  }
  return decision;
}
