import type { ConvOptions, GraphBuilder } from '../graph/builder';

/** A convolution without bias and the batch norm that follows it, e.g. `block0/conv1` and `block0/bn1`. */
export function convBn(b: GraphBuilder, x: string, bn: string, options: ConvOptions & { filters: number }): string {
  return b.batchNorm(b.conv2d(x, { ...options, bias: false }), { name: bn });
}
