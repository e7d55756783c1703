import { describe, expect, it } from 'vitest';
import { nonUniformOptions } from '../../../../src/config/learners/non-uniform';
import { uniformOptions } from '../../../../src/config/learners/uniform';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { foldBatchNorms } from '../../../../src/engine/graph/edits/fold-batch-norms';
import { withCodebooks } from '../../../../src/engine/learners/non-uniform/codebooks';
import { quantizeGraph } from '../../../../src/engine/learners/uniform/quantize';
import { availableExecutors } from '../../../support/executors';
import { randomBatch, randomized } from '../../../support/randomized';

function net() {
  const b = new GraphBuilder('net', 1);
  const conv = b.relu(
    b.batchNorm(b.conv2d(b.input([6, 6, 3]), { name: 'conv', filters: 8, kernel: 3 }), { name: 'bn' }),
  );
  return randomized(b.build(b.dense(b.globalAvgPool(conv), { name: 'fc', units: 5 })), 3);
}
const bits = new Map([
  ['conv', 3],
  ['fc', 3],
]);
const uniform = (options: object) => quantizeGraph(foldBatchNorms(net()), bits, uniformOptions.parse(options));
const codebook = (train: string) => withCodebooks(net(), bits, nonUniformOptions.parse({ train }), 1);
const graphs = {
  'ranges of least error': uniform({}),
  'ranges that follow': uniform({ weightRange: 'max' }),
  'learned ranges': uniform({ learnRanges: true }),
  'codebooks, weights trained': codebook('weights'),
  'codebooks, entries trained': codebook('clusters'),
  'codebooks, both trained': codebook('both'),
};

describe.each(await availableExecutors())('quantized training on $name', (executor) => {
  it.each(Object.entries(graphs))('ends the same when it was interrupted: %s', async (_name, graph) => {
    const compile = () =>
      executor.compileTraining(graph, {
        optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
        labelSmoothing: 0,
        weightDecay: 1e-3,
        ema: 0.9,
        seed: 1,
      });
    const batches = [1, 2, 3, 4, 5, 6].map((seed) => randomBatch(graph, 8, 5, seed));
    const whole = await compile();
    for (const batch of batches) await whole.step(batch, 0.05);

    const first = await compile();
    for (const batch of batches.slice(0, 3)) await first.step(batch, 0.05);
    const second = await compile();
    second.restore(await first.state());
    for (const batch of batches.slice(3)) await second.step(batch, 0.05);

    expect(await second.parameters()).toEqual(await whole.parameters());
    expect(await second.parameters(true)).toEqual(await whole.parameters(true));
    expect((await second.state()).tensors).toEqual((await whole.state()).tensors);
    for (const program of [whole, first, second]) program.dispose();
  });
});
