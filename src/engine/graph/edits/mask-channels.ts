import { withParameters, type Graph } from '../graph';
import type { ChannelGroup } from '../groups';
import type { Tensor } from '../node';
import { keptChannels, type KeptUnits } from './kept-channels';

/**
 * The model of the same size in which nobody listens to the removed units: the weights that read them are zero. It is
 * masked at the readers because a channel that is silenced where it is made may speak again on the way (batch norm's
 * shift, sigmoid(0) = 1/2).
 * @throws GraphError as {@link removeChannels}.
 */
export function maskChannels(graph: Graph, groups: readonly ChannelGroup[], kept: KeptUnits): Graph {
  const channels = keptChannels(graph, groups, kept);
  const masked = new Map<string, Tensor>();
  for (const node of graph.nodes) {
    if (node.kind !== 'conv2d' && node.kind !== 'dense') continue;
    const { weight } = node.params;
    const dimension = weight.shape.length - 2;
    const [rows, outputs] = [weight.shape[dimension], weight.shape[dimension + 1]];
    const stays = new Set(channels.get(node.inputs[0]));
    const read = node.kind === 'conv2d' ? rows * node.groups : rows;
    if (stays.size === read) continue;
    const data = weight.data.map((value, i) => (stays.has(Math.floor(i / outputs) % rows) ? value : 0));
    masked.set(`${node.name}/weight`, { shape: weight.shape, data });
  }
  return withParameters(graph, masked);
}
