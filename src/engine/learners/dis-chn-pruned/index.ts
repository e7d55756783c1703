import { channelOptions, type ChannelOptions } from '../../../config/learners/channel';
import type { DisChnPrunedOptions } from '../../../config/learners/dis-chn-pruned';
import { foldBatchNorms } from '../../graph/edits/fold-batch-norms';
import { keptChannels, type KeptUnits } from '../../graph/edits/kept-channels';
import { removeChannels } from '../../graph/edits/remove-channels';
import { makeGraph, withParameters, type Graph } from '../../graph/graph';
import { channelGroups, type ChannelGroup } from '../../graph/groups';
import { upToLogits } from '../../runtime/classifier';
import { channel } from '../channel';
import { decideUniform, removeUnits, sampleFeatures, type ChannelDecision } from '../channel/channel';
import { calibrationImages } from '../channel/sampling';
import { searchedCounts } from '../channel/search';
import type { Candidate, Learner, LearnerContext, StageOf } from '../learner';
import { chooseUnits } from './choose';
import { OriginalFeatures } from './original-features';
import { endOf, splitIntoParts } from './parts';
import { tune } from './tune';

type Stage = StageOf<'dis-chn-pruned'>;

/** Discrimination-aware channel pruning (Zhuang et al. 2018). */
export const disChnPruned: Learner<'dis-chn-pruned'> = {
  plan: (graph, stage, layers) => channel.plan(graph, asChannel(stage), layers),
  async apply(graph, stage, context, decision) {
    const counts = decision
      ? searchedCounts(graph, asChannel(stage), context.layers, decision)
      : decideUniform(graph, stage.target, asChannel(stage).options, context.layers);
    return pruneByDiscrimination(graph, counts, stage.options, context);
  },
  // Trials choose by what is quick; counts that suit the one choice suit the other.
  search: async (graph, stage, context) => {
    const find = channel.search;
    if (!find) throw new Error('channel pruning can be searched for');
    return find(graph, asChannel(stage), context);
  },
};

/** The stage as channel pruning would have it, with its usual way of choosing channels. */
function asChannel({ options, ...stage }: Stage): StageOf<'channel'> {
  return { ...stage, learner: 'channel', options: channelView(options) };
}

function channelView({
  multipleOf,
  residual,
  reconstruct,
  recalibrate,
  samples,
  positions,
}: DisChnPrunedOptions): ChannelOptions {
  return channelOptions.parse({ multipleOf, residual, reconstruct, recalibrate, samples, positions });
}

/** Part by part from the input on: train the whole, choose channels in each group of the part, remove the others. */
async function pruneByDiscrimination(
  graph: Graph,
  { groups, counts }: ChannelDecision,
  options: DisChnPrunedOptions,
  context: LearnerContext,
): Promise<Candidate> {
  const { dataset, signal } = context;
  const shrinking = groups.filter(({ id, units }) => (counts.get(id) ?? units.length) < units.length);
  const parts = splitIntoParts(shrinking, options.parts);
  const images = await calibrationImages(dataset, graph, options.samples);
  const originals = await OriginalFeatures.take(graph, shrinking, images, context);
  const kept = new Map<string, readonly number[]>();
  const errors = new Map<string, number>();
  let current = graph;
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    const at = last
      ? undefined
      : endOf(
          current,
          part.flatMap(({ consumers }) => consumers),
        );
    const tuned = await tune(current, at, options, context);
    const { classifier } = tuned;
    let model = foldBatchNorms(
      classifier ? makeGraph(graph.name, classifier.graph.nodes, classifier.head) : upToLogits(tuned.graph),
    );
    for (const { id } of part) {
      signal.throwIfAborted();
      const group = groupOf(model, id);
      const channels = keptChannels(graph, groups, kept);
      const features = originals.at(group.consumers, channels);
      const choice = await chooseUnits(model, group, counts.get(id) ?? 0, { images, features }, options, context);
      kept.set(id, choice.kept);
      model = removeChannels(withParameters(model, choice.weights), [group], new Map([[id, choice.kept]]));
    }
    const own: KeptUnits = new Map(part.map(({ id }) => [id, kept.get(id) ?? []]));
    const pruned = part.map(({ id }) => groupOf(tuned.graph, id));
    const seen = await sampleFeatures(
      tuned.graph,
      pruned,
      { ...channelView(options), selection: 'magnitude' },
      context,
    );
    const result = await removeUnits(tuned.graph, own, channelView(options), context, seen);
    current = result.graph;
    result.errors.forEach((error, layer) => errors.set(layer, error));
  }
  return { graph: current, errors };
}

function groupOf(graph: Graph, id: string): ChannelGroup {
  const group = channelGroups(graph).find((candidate) => candidate.id === id);
  if (!group) throw new Error(`the channel group ${id} is gone`);
  return group;
}
