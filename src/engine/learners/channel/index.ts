import { removeChannels } from '../../graph/edits/remove-channels';
import type { Learner } from '../learner';
import { decideUniform, firstUnits, pruneChannels } from './channel';

/** Channel pruning by LASSO (He et al. 2017). */
export const channel: Learner<'channel'> = {
  plan(graph, stage, layers) {
    const { groups, counts } = decideUniform(graph, stage.target, stage.options, layers);
    return removeChannels(graph, groups, firstUnits(counts));
  },
  async apply(graph, stage, context) {
    return pruneChannels(
      graph,
      decideUniform(graph, stage.target, stage.options, context.layers),
      stage.options,
      context,
    );
  },
};
