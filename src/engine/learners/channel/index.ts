import { removeChannels } from '../../graph/edits/remove-channels';
import type { Learner } from '../learner';
import { decideUniform, firstUnits, pruneChannels } from './channel';
import { searchChannels, searchedCounts } from './search';

/** Channel pruning by LASSO (He et al. 2017). */
export const channel: Learner<'channel'> = {
  plan(graph, stage, layers) {
    const { groups, counts } = decideUniform(graph, stage.target, stage.options, layers);
    return removeChannels(graph, groups, firstUnits(counts));
  },
  async apply(graph, stage, context, decision) {
    const counts = decision
      ? searchedCounts(graph, stage, context.layers, decision)
      : decideUniform(graph, stage.target, stage.options, context.layers);
    return pruneChannels(graph, counts, stage.options, context);
  },
  search: searchChannels,
};
