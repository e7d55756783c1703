import { ruleFor } from '../../../config/layer-patterns';
import type { WeightSparseOptions } from '../../../config/learners/weight-sparse';
import type { LayerRule, TargetPlan } from '../../../config/plan';
import type { Graph } from '../../graph/graph';
import { hasWeight, type Tensor } from '../../graph/node';
import { LearnerError } from '../learner-error';
import { fits, parsePattern } from './pattern';
import { protocols } from './protocols';

/** Sparsity to reach for each pruned layer, by layer name, (0, 1). Layers that are left alone are absent. */
export type SparsityDecision = ReadonlyMap<string, number>;

/** No layer becomes sparser than this, or than halfway from the target to 1. */
const MOST = 0.99;

/**
 * Shares the target out among all conv, depthwise and dense weights by the protocol, except where `layers` says
 * otherwise; those together then have the target's sparsity.
 * @throws LearnerError when that leaves nothing to prune, or the target is not the pattern's.
 */
export function decideSparsity(
  graph: Graph,
  target: TargetPlan | undefined,
  options: WeightSparseOptions,
  rules: readonly LayerRule[],
): SparsityDecision {
  const decision = new Map<string, number>();
  const free: { name: string; weight: Tensor }[] = [];
  const pattern = parsePattern(options.pattern);
  for (const node of graph.nodes) {
    if (!hasWeight(node) || (pattern && !fits(node, pattern))) continue;
    const rule = ruleFor(rules, node.name);
    if (rule.skip) continue;
    if (rule.sparsity === undefined) free.push({ name: node.name, weight: node.params.weight });
    else if (rule.sparsity > 0) decision.set(node.name, rule.sparsity);
  }
  if (target) {
    const most = Math.max(MOST, (1 + target.value) / 2);
    const shares = protocols[options.protocol](
      free.map(({ weight }) => weight),
      target.value,
      most,
    );
    free.forEach(({ name }, i) => {
      if (shares[i] > 0) decision.set(name, shares[i]);
    });
  }
  if (decision.size === 0) {
    throw new LearnerError(
      pattern
        ? `weight-sparse has no layer whose input channels divide into groups of ${pattern.group}`
        : 'weight-sparse has no layer to prune',
      pattern ? 'leave options.pattern out' : 'set target.sparsity, or sparsity for some layers under layers:',
    );
  }
  if (pattern) {
    const made = 1 - pattern.keep / pattern.group;
    for (const [name, sparsity] of decision) {
      if (Math.abs(sparsity - made) > 1e-6) {
        throw new LearnerError(
          `the pattern ${options.pattern} makes a sparsity of ${made}, but ${name} is to have ${sparsity.toFixed(3)}`,
          `use target: { sparsity: ${made} } and protocol: uniform, and only skip under layers:`,
        );
      }
    }
  }
  return decision;
}
