import type { LayerRule, TargetPlan } from '../../../config/plan';
import { ruleFor } from '../../../config/layer-patterns';
import { LearnerError } from '../learner-error';
import type { ChannelGroup } from '../../graph/groups';

/** Units to keep in each group, by group id. */
export type KeepCounts = ReadonlyMap<string, number>;

/** What limits the choice of counts. */
export interface CountRules {
  readonly multipleOf: number;
  /** Whether groups tied together by residual additions are pruned. */
  readonly residual: 'prune' | 'keep';
  readonly layers: readonly LayerRule[];
}

/** The ratio that a group is bound to by `layers` or by the options; undefined when it is free. */
export function fixedRatio(group: ChannelGroup, rules: CountRules): number | undefined {
  const layerRules = group.producers.map((producer) => ruleFor(rules.layers, producer));
  if (layerRules.some((rule) => rule.skip)) return 1;
  const keeps = layerRules.flatMap((rule) => (rule.keep === undefined ? [] : [rule.keep]));
  // Coupled layers have one count; the most careful wish wins.
  if (keeps.length > 0) return Math.max(...keeps);
  return group.residual && rules.residual === 'keep' ? 1 : undefined;
}

/** Units that go or stay together: `multipleOf`, halved for groups that are not twice as wide. */
export function stepOf(size: number, multipleOf: number): number {
  let step = multipleOf;
  while (step > 1 && 2 * step > size) step = Math.floor(step / 2);
  return step;
}

/** A whole number of steps near `ratio * size`, at least one. */
function unitsFor(size: number, ratio: number, multipleOf: number): number {
  if (ratio >= 1) return size;
  const step = stepOf(size, multipleOf);
  return Math.min(size, Math.max(Math.round((ratio * size) / step), 1) * step);
}

/** The same ratio for every group that is not bound. */
export function uniformCounts(groups: readonly ChannelGroup[], ratio: number, rules: CountRules): KeepCounts {
  return new Map(
    groups.map((group) => [
      group.id,
      unitsFor(group.units.length, fixedRatio(group, rules) ?? ratio, rules.multipleOf),
    ]),
  );
}

const BISECTIONS = 24;

/**
 * The largest uniform ratio whose model meets the target; what whole numbers leave of the target then goes to the groups,
 * a step each, the most pruned first.
 * @param share Share of the target's metric that a model with these counts keeps.
 * @throws LearnerError when even the smallest model is too large; it says what can be reached.
 */
export function countsForTarget(
  groups: readonly ChannelGroup[],
  target: TargetPlan,
  rules: CountRules,
  share: (counts: KeepCounts) => number,
): KeepCounts {
  const whole = uniformCounts(groups, 1, rules);
  if (share(whole) <= target.value) return whole;
  let best = uniformCounts(groups, 0, rules);
  const smallest = share(best);
  if (smallest > target.value) {
    throw new LearnerError(
      `target.${target.metric} ${target.value} can't be reached: the smallest model that channel pruning allows keeps ${smallest.toFixed(3)}`,
      'raise the target, or free more layers (options.residual, options.multipleOf, layers)',
      Math.ceil(smallest * 1000) / 1000,
    );
  }
  let low = 0;
  let high = 1;
  for (let step = 0; step < BISECTIONS; step++) {
    const ratio = (low + high) / 2;
    const counts = uniformCounts(groups, ratio, rules);
    if (share(counts) <= target.value) {
      low = ratio;
      best = counts;
    } else {
      high = ratio;
    }
  }
  return useRest(groups, best, rules, (counts) => share(counts) <= target.value);
}

function useRest(
  groups: readonly ChannelGroup[],
  counts: KeepCounts,
  rules: CountRules,
  fits: (counts: KeepCounts) => boolean,
): KeepCounts {
  const kept = ({ id, units }: ChannelGroup) => (counts.get(id) ?? units.length) / units.length;
  const free = groups.filter((group) => fixedRatio(group, rules) === undefined && kept(group) < 1);
  let current = counts;
  // One step each: groups that cost next to nothing would otherwise stay whole, which is not a uniform ratio any more.
  for (const { id, units } of free.sort((a, b) => kept(a) - kept(b))) {
    const count = (counts.get(id) ?? units.length) + stepOf(units.length, rules.multipleOf);
    const more = new Map(current).set(id, Math.min(count, units.length));
    if (fits(more)) current = more;
  }
  return current;
}
