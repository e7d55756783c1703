import type { GraphBuilder } from '../graph/builder';

/** A small VGG-like net for Fashion-MNIST: three stages of two 3x3 convolutions with batch norm, 32, 64 and 128 filters. */
export function convnet(b: GraphBuilder, input: string, classes: number): string {
  let x = input;
  for (const [i, filters] of [32, 64, 128].entries()) {
    for (const j of [1, 2]) {
      const name = `stage${i + 1}/conv${j}`;
      const conv = b.conv2d(x, { name, filters, kernel: 3, padding: 'same', bias: false });
      x = b.relu(b.batchNorm(conv, { name: `stage${i + 1}/bn${j}` }), `stage${i + 1}/relu${j}`);
    }
    x = b.maxPool(x, { name: `stage${i + 1}/pool`, size: 2 });
  }
  const pooled = b.dropout(b.globalAvgPool(x, false, 'pool'), 0.3, 'dropout');
  return b.dense(pooled, { name: 'fc', units: classes });
}
