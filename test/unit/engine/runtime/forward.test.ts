import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { inferShapes, size } from '../../../../src/engine/graph/shape';
import { withParameters, type Graph } from '../../../../src/engine/graph/graph';
import { availableExecutors } from '../../../support/executors';
import { opCases } from '../../../support/op-cases';
import { randomBatch, randomized } from '../../../support/randomized';
import { referenceForward } from '../../../support/reference-forward';

const executors = await availableExecutors();
const count = 3;

describe.each(executors)('forward on $name', (executor) => {
  it.each(opCases)('$name agrees with plain loops', async ({ build, input = [6, 5, 4] }) => {
    const b = new GraphBuilder('op', 1);
    const graph = randomized(b.build(build(b, b.input(input))), 2);
    const batch = randomBatch(graph, count, 1, 3);
    const program = await executor.compile(graph);

    const output = await program.forward(batch);

    expectClose(output, expected(graph, batch.images, graph.output));
    program.dispose();
  });

  it('gives the outputs of inner nodes', async () => {
    const graph = smallNet();
    const batch = randomBatch(graph, count, 1, 3);
    const program = await executor.compile(graph);

    const taps = await program.activations(batch, ['conv', 'bn', 'relu1', 'fc']);

    expect([...taps.keys()].sort()).toEqual(['bn', 'conv', 'fc', 'relu1']);
    for (const [node, values] of taps) expectClose(values, expected(graph, batch.images, node));
    program.dispose();
  });

  it('agrees with plain loops where ops may be joined: batch norms, relus and sums after convolutions', async () => {
    const b = new GraphBuilder('residual', 1);
    const conv = (x: string, name: string) => b.conv2d(x, { name, filters: 4, kernel: 3, padding: 1, bias: false });
    const start = b.relu(b.batchNorm(conv(b.input([5, 5, 3]), 'stem'), { name: 'bn0' }));
    const first = b.relu(b.batchNorm(conv(start, 'first'), { name: 'bn1' }));
    const block = b.relu(b.add(b.batchNorm(conv(first, 'second'), { name: 'bn2' }), start));
    // This sum's other side comes later than the convolution, and is read twice.
    const late = b.add(conv(block, 'third'), b.sigmoid(block, 'late'));
    const graph = randomized(b.build(b.globalAvgPool(b.mul(late, 'late'))), 5);
    const batch = randomBatch(graph, count, 1, 3);
    const program = await executor.compile(graph);

    expectClose(await program.forward(batch), expected(graph, batch.images, graph.output));
    const taps = await program.activations(batch, ['second', 'bn2', block]);
    for (const [node, values] of taps) expectClose(values, expected(graph, batch.images, node));
    program.dispose();
  });

  it('takes batches of another size from call to call', async () => {
    const graph = smallNet();
    const program = await executor.compile(graph);
    const five = randomBatch(graph, 5, 1, 3);
    const whole = await program.forward(five);
    const two = await program.forward({
      ...five,
      count: 2,
      images: five.images.slice(0, (five.images.length / 5) * 2),
    });
    expectClose(two, whole.slice(0, two.length));
    program.dispose();
  });

  it('computes with new parameters once they are set, and not with later changes to their arrays', async () => {
    const [before, after] = [smallNet(1), smallNet(7)];
    const batch = randomBatch(before, count, 1, 3);
    const program = await executor.compile(before);
    await program.forward(batch);
    const values = new Map(
      after.nodes.flatMap((node) =>
        node.kind === 'conv2d'
          ? [[`${node.name}/weight`, { ...node.params.weight, data: node.params.weight.data.slice() }]]
          : [],
      ) as [string, { shape: readonly number[]; data: Float32Array }][],
    );
    const changed = withParameters(before, new Map(values));
    const result = expected(changed, batch.images, changed.output);

    program.setParameters(values);
    for (const { data } of values.values()) data.fill(99);

    expectClose(await program.forward(batch), result);
    program.dispose();
  });

  it('measures mean and biased variance of what each batch norm reads', async () => {
    const b = new GraphBuilder('two', 1);
    const first = b.batchNorm(b.input([4, 4, 2]), { name: 'first' });
    const graph = randomized(b.build(b.batchNorm(b.relu(first), { name: 'second' })), 5);
    const batch = randomBatch(graph, 6, 1, 3);
    const program = await executor.compile(graph);

    const statistics = await program.batchStatistics(batch);

    const stats = channelStatistics(Array.from(batch.images), 2);
    expectClose(statistics.get('first')?.mean, stats.mean);
    expectClose(statistics.get('first')?.variance, stats.variance);
    // The second one reads what the first makes with the statistics of the batch, not with the running ones.
    const node = graph.nodes.find(({ name }) => name === 'first');
    if (node?.kind !== 'batchNorm') throw new Error('the graph lost a node');
    const normalised = Array.from(batch.images, (value, i) => {
      const c = i % 2;
      const normal = (value - stats.mean[c]) / Math.sqrt(stats.variance[c] + node.epsilon);
      return Math.max(0, normal * node.params.gamma.data[c] + node.params.beta.data[c]);
    });
    const second = channelStatistics(normalised, 2);
    expectClose(statistics.get('second')?.mean, second.mean);
    expectClose(statistics.get('second')?.variance, second.variance);
    program.dispose();
  });

  it('says which node a batch or a name does not fit', async () => {
    const graph = smallNet();
    const program = await executor.compile(graph);
    const batch = { count: 1, images: new Float32Array(7), labels: new Int32Array(1) };
    await expect(program.forward(batch)).rejects.toThrow(/node "input": the model takes 1 samples of \[6, 6, 3\]/);
    await expect(program.activations(randomBatch(graph, 1, 1, 1), ['nope'])).rejects.toThrow(/no node "nope"/);
    program.dispose();
  });
});

it('has a case for every op', () => {
  const kinds = new Set([...opCases.map(({ kind }) => kind), 'input']);
  expect(kinds.size).toBe(23);
});

function smallNet(seed = 1): Graph {
  const b = new GraphBuilder('net', seed);
  const conv = b.conv2d(b.input([6, 6, 3]), { name: 'conv', filters: 4, kernel: 3, padding: 1 });
  const features = b.flatten(b.relu(b.batchNorm(conv, { name: 'bn' }), 'relu1'));
  return randomized(b.build(b.softmax(b.dense(features, { name: 'fc', units: 3 }))), seed);
}

/** Outputs of a node for every sample, from the plain interpreter. */
function expected(graph: Graph, images: Float32Array, node: string): number[] {
  const input = size(inferShapes(graph).get(graph.nodes[0].name) ?? []);
  const values: number[] = [];
  for (let start = 0; start < images.length; start += input) {
    values.push(...(referenceForward(graph, images.subarray(start, start + input)).get(node) ?? []));
  }
  return values;
}

function channelStatistics(values: readonly number[], channels: number): { mean: number[]; variance: number[] } {
  const mean: number[] = [];
  const variance: number[] = [];
  for (let c = 0; c < channels; c++) {
    const own = values.filter((_, i) => i % channels === c);
    mean.push(own.reduce((sum, value) => sum + value, 0) / own.length);
    variance.push(own.reduce((sum, value) => sum + (value - mean[c]) ** 2, 0) / own.length);
  }
  return { mean, variance };
}

function expectClose(actual: ArrayLike<number> | undefined, wanted: ArrayLike<number>): void {
  expect(actual?.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    if (Math.abs((actual?.[i] ?? NaN) - wanted[i]) <= 1e-4 * Math.max(1, Math.abs(wanted[i]))) continue;
    expect.fail(`number ${i} is ${actual?.[i]}, not ${wanted[i]}`);
  }
}
