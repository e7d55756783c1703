import { ruleFor } from '../../../config/layer-patterns';
import type { LayerRule, TargetPlan } from '../../../config/plan';
import type { Graph } from '../../graph/graph';
import { hasWeight } from '../../graph/node';
import { LearnerError } from '../learner-error';

/** Bits of each quantized layer's weights, by layer name. Layers that stay in floating point are absent. */
export type BitsDecision = ReadonlyMap<string, number>;

/**
 * The same bits for every layer, except where `layers` says otherwise.
 * @throws LearnerError when that leaves nothing to quantize.
 */
export function decideBits(graph: Graph, target: TargetPlan | undefined, rules: readonly LayerRule[]): BitsDecision {
  const decision = new Map<string, number>();
  for (const node of graph.nodes) {
    if (!hasWeight(node)) continue;
    const rule = ruleFor(rules, node.name);
    const bits = rule.skip ? undefined : (rule.bits ?? target?.value);
    if (bits !== undefined) decision.set(node.name, bits);
  }
  if (decision.size > 0) return decision;
  throw new LearnerError('uniform has no layer to quantize', 'set target.bits, or bits for some layers under layers:');
}
