import type { GraphBuilder } from '../graph/builder';

/**
 * LeNet with today's habits (after LeCun et al. 1998): two 5x5 convolutions of 32 and 64 filters, each halved by max
 * pooling, and a hidden dense layer of 256; ReLU throughout.
 */
export function lenet(b: GraphBuilder, input: string, classes: number): string {
  const stage = (x: string, name: string, filters: number) => {
    const conv = b.conv2d(x, { name, filters, kernel: 5, padding: 'same' });
    return b.maxPool(b.relu(conv, `${name}/relu`), { name: `${name}/pool`, size: 2 });
  };
  const features = b.flatten(stage(stage(input, 'conv1', 32), 'conv2', 64), 'flatten');
  const hidden = b.relu(b.dense(features, { name: 'fc1', units: 256 }), 'fc1/relu');
  return b.dense(hidden, { name: 'fc2', units: classes });
}
