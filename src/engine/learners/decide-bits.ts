import type { FirstAndLast } from '../../config/learners/first-and-last';
import { ruleFor } from '../../config/layer-patterns';
import type { LayerRule, StagePlan } from '../../config/plan';
import type { Graph } from '../graph/graph';
import { hasWeight } from '../graph/node';
import { LearnerError } from './learner-error';

/** Bits of each quantized layer's weights, by layer name. Layers that stay in floating point are absent. */
export type BitsDecision = ReadonlyMap<string, number>;

type BitsStage = Extract<StagePlan, { options: { firstAndLast: FirstAndLast } }>;

/**
 * The same bits for every layer but the first and the last, which the option `firstAndLast` decides for; what `layers`
 * says of a layer comes first.
 * @throws LearnerError when that leaves nothing to quantize.
 */
export function decideBits(
  graph: Graph,
  { learner, target, options: { firstAndLast } }: Pick<BitsStage, 'learner' | 'target' | 'options'>,
  rules: readonly LayerRule[],
): BitsDecision {
  const names = graph.nodes.filter(hasWeight).map(({ name }) => name);
  const decision = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    const rule = ruleFor(rules, name);
    const usual = i === 0 || i === names.length - 1 ? atTheEnds(target?.value, firstAndLast) : target?.value;
    const bits = rule.skip ? undefined : (rule.bits ?? usual);
    if (bits !== undefined) decision.set(name, bits);
  }
  if (decision.size > 0) return decision;
  throw new LearnerError(
    `${learner} has no layer to quantize`,
    'set target.bits, or bits for some layers under layers:; a model of one or two layers needs options.firstAndLast: same',
  );
}

function atTheEnds(bits: number | undefined, firstAndLast: FirstAndLast): number | undefined {
  if (bits === undefined || firstAndLast === 'float') return undefined;
  return firstAndLast === 'same' ? bits : Math.max(bits, firstAndLast);
}
