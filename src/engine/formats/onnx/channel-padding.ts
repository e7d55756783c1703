import { consumers, type Graph } from '../../graph/graph';
import type { PadNode, Pair, Shape, SliceNode } from '../../graph/node';

/** Ends the name of the weight of a convolution that pads channels. */
export const CHANNEL_PADDING = '/channels';

/**
 * Channel padding of an image, with the sampling of pixels before it: the option-A shortcut of CIFAR ResNets. It is
 * written as one 1x1 convolution with weights of zeros and ones, because runtimes keep their fast blocked layout through
 * a convolution and leave it for Slice and Pad, and then for the rest of the stage (onnxruntime: 6 to 10 % of the latency
 * of a ResNet-20).
 */
export interface ChannelPadding {
  readonly pad: PadNode;
  /** The slice that takes every n-th pixel, when only the padding reads it. */
  readonly slice?: SliceNode;
  readonly strides: Pair;
}

/** All channel paddings of a graph, by the name of the pad. */
export function channelPaddings(graph: Graph, shapes: ReadonlyMap<string, Shape>): ReadonlyMap<string, ChannelPadding> {
  const readers = consumers(graph);
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const found = new Map<string, ChannelPadding>();
  for (const pad of graph.nodes) {
    if (pad.kind !== 'pad' || !padsChannelsOnly(pad)) continue;
    const source = byName.get(pad.inputs[0]);
    const sampled =
      source?.kind === 'slice' &&
      readers.get(source.name)?.length === 1 &&
      onlySamples(source, shapes.get(source.inputs[0]) ?? []);
    found.set(
      pad.name,
      sampled ? { pad, slice: source, strides: [source.strides[0], source.strides[1]] } : { pad, strides: [1, 1] },
    );
  }
  return found;
}

function padsChannelsOnly({ pads }: PadNode): boolean {
  return pads.length === 3 && pads.every((widths, d) => widths.some((width) => width > 0) === (d === 2));
}

/** Whether a slice takes every n-th pixel from the first to the last, of all channels. */
function onlySamples({ begin, end, strides }: SliceNode, extents: Shape): boolean {
  const last = (extent: number, d: number) => Math.ceil(extent / strides[d]);
  return begin.every((at) => at === 0) && end.every((at, d) => last(at, d) === last(extents[d], d)) && strides[2] === 1;
}
