import type { WeightNode } from './node';

/** Which weights of a layer share a range or a codebook: all, those of an output channel, or so many in a row. */
export type Buckets = 'layer' | 'channel' | number;

/** Output channels of a layer with weights; the fastest dimension of its weight. */
export function outputChannels(node: WeightNode): number {
  const { shape } = node.params.weight;
  return node.kind === 'depthwiseConv2d' ? shape[2] * shape[3] : shape[shape.length - 1];
}

export function bucketCount(node: WeightNode, buckets: Buckets): number {
  if (typeof buckets === 'number') return Math.ceil(node.params.weight.data.length / buckets);
  return buckets === 'layer' ? 1 : outputChannels(node);
}

/** Gives the bucket of the weight at a position of the weight's data. */
export function bucketOf(node: WeightNode, buckets: Buckets): (position: number) => number {
  if (buckets === 'layer') return () => 0;
  if (typeof buckets === 'number') return (position) => Math.floor(position / buckets);
  const channels = outputChannels(node);
  return (position) => position % channels;
}
