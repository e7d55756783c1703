import type { LayerRule } from '../../../config/plan';
import { removeChannels } from '../../graph/edits/remove-channels';
import type { Graph } from '../../graph/graph';
import { channelGroups, type ChannelGroup } from '../../graph/groups';
import type { Budget } from '../../search/budget';
import { Space, type Decision } from '../../search/space';
import { LearnerError } from '../learner-error';
import { layerFeatures } from '../layer-features';
import type { LearnerContext, SearchTask, StageOf } from '../learner';
import {
  decideUniform,
  firstUnits,
  measure,
  pruneChannels,
  sampleFeatures,
  type ChannelDecision,
  type ChannelFeatures,
} from './channel';
import { fixedRatio, stepOf, uniformCounts, type CountRules } from './ratios';

type Stage = StageOf<'channel'>;

/** The groups that neither `layers` nor the options bind: a dimension of the search each, in this order. */
function freeGroups(groups: readonly ChannelGroup[], rules: CountRules): readonly ChannelGroup[] {
  return groups.filter((group) => fixedRatio(group, rules) === undefined);
}

function rulesOf({ options }: Stage, layers: readonly LayerRule[]): CountRules {
  return { multipleOf: options.multipleOf, residual: options.residual, layers };
}

/** The counts that a searched decision, one keep ratio for each free group, stands for. */
export function searchedCounts(
  graph: Graph,
  stage: Stage,
  layers: readonly LayerRule[],
  decision: Decision,
): ChannelDecision {
  const groups = channelGroups(graph);
  const rules = rulesOf(stage, layers);
  const counts = new Map(uniformCounts(groups, 1, rules));
  freeGroups(groups, rules).forEach((group, i) => {
    counts.set(group.id, Math.round(Number(decision[i]) * group.units.length));
  });
  return { groups, counts };
}

/**
 * The search for each group's keep ratio under the target, as in AMC (He et al. 2018). Features of the original are sampled
 * once, when the first candidate is asked for; a candidate costs the selection, the fit and the recalibration.
 * @throws LearnerError when there is nothing to search for.
 */
export async function searchChannels(graph: Graph, stage: Stage, context: LearnerContext): Promise<SearchTask> {
  const { target, options } = stage;
  if (!target) throw new LearnerError('a search needs a target', 'set target.flops, target.params or target.bytes');
  const rules = rulesOf(stage, context.layers);
  const uniform = decideUniform(graph, target, options, context.layers);
  const { groups } = uniform;
  const free = freeGroups(groups, rules);
  if (free.length === 0)
    throw new LearnerError('`layers` decides every ratio: there is none to search for', 'set ratios: uniform');
  const features = layerFeatures(graph);
  const space = new Space(
    free.map((group) => {
      const step = stepOf(group.units.length, options.multipleOf) / group.units.length;
      const layer = group.producers[0];
      return { name: group.id, layer, kind: 'float', low: step, high: 1, step, features: features.get(layer) ?? [] };
    }),
  );
  const decide = (decision: Decision): ChannelDecision => searchedCounts(graph, stage, context.layers, decision);
  const budget: Budget = {
    limit: target.value * measure(graph, target),
    cost: remembered((decision) => measure(removeChannels(graph, groups, firstUnits(decide(decision).counts)), target)),
    frugal: free.map(() => 'low'),
  };
  const ratio = ({ id, units }: ChannelGroup): number => (uniform.counts.get(id) ?? units.length) / units.length;
  let sampled: Promise<ChannelFeatures> | undefined;
  return {
    space,
    budget,
    seeds: new Map([['uniform', space.decode(space.encode(free.map(ratio)))]]),
    candidate: async (decision) => {
      sampled ??= sampleFeatures(graph, groups, options, context);
      return pruneChannels(graph, decide(decision), options, context, await sampled);
    },
  };
}

/** Whole steps make many decisions the same one. */
function remembered(cost: Budget['cost']): Budget['cost'] {
  const known = new Map<string, number>();
  return (decision) => {
    const key = decision.join();
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = cost(decision)));
    return value;
  };
}
