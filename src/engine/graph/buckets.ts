import type { WeightNode } from './node';

/** Which weights of a layer share a range: all, or those of an output channel. */
export type Buckets = 'layer' | 'channel';

/** Output channels of a layer with weights; the fastest dimension of its weight. */
export function outputChannels(node: WeightNode): number {
  const { shape } = node.params.weight;
  return node.kind === 'depthwiseConv2d' ? shape[2] * shape[3] : shape[shape.length - 1];
}

export function bucketCount(node: WeightNode, buckets: Buckets): number {
  return buckets === 'layer' ? 1 : outputChannels(node);
}

/** Gives the bucket of the weight at a position of the weight's data. */
export function bucketOf(node: WeightNode, buckets: Buckets): (position: number) => number {
  if (buckets === 'layer') return () => 0;
  const channels = outputChannels(node);
  return (position) => position % channels;
}
