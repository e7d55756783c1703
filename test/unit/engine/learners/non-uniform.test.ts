import { describe, expect, it } from 'vitest';
import { nonUniformOptions } from '../../../../src/config/learners/non-uniform';
import { compress } from '../../../../src/engine/compress';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { findNode, parameters, withParameters, type Graph } from '../../../../src/engine/graph/graph';
import { hasWeight, type WeightNode } from '../../../../src/engine/graph/node';
import { decideBits } from '../../../../src/engine/learners/decide-bits';
import { withCodebooks } from '../../../../src/engine/learners/non-uniform/codebooks';
import { pruneAtOnce } from '../../../../src/engine/learners/weight-sparse/weight-sparse';
import { createRun } from '../../../../src/runs/journal';
import { availableExecutors } from '../../../support/executors';
import { writeMnistFiles } from '../../../support/idx-files';
import { loadConfigText } from '../../../support/load-config-text';
import { randomBatch, randomized } from '../../../support/randomized';
import { temporaryFolder } from '../../../support/temporary-folder';

const executors = await availableExecutors();

function net(): Graph {
  const b = new GraphBuilder('net', 1);
  const conv = b.relu(b.conv2d(b.input([6, 6, 3]), { name: 'conv', filters: 8, kernel: 3 }));
  const depthwise = b.relu(b.depthwiseConv2d(conv, { name: 'dw', kernel: 3, padding: 'same' }));
  return randomized(b.build(b.dense(b.globalAvgPool(depthwise), { name: 'fc', units: 5 })), 3);
}
const bits = (count: number) => new Map(['conv', 'dw', 'fc'].map((name) => [name, count]));
const clustered = (train: 'weights' | 'clusters' | 'both', count = 2) =>
  withCodebooks(net(), bits(count), nonUniformOptions.parse({ train }), 1);
const valuesOf = (graph: Graph, name: string) => new Set((findNode(graph, name) as WeightNode).params.weight.data);
const options = {
  optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
  labelSmoothing: 0,
  weightDecay: 0,
  seed: 1,
} as const;

describe('codebooks', () => {
  it.each([1, 2, 3].map((n) => n + 1))('leave a layer at most 2^%i weights, each as near as can be', (count) => {
    const [before, after] = [net(), clustered('weights', count)];
    for (const name of ['conv', 'dw', 'fc']) {
      const values = valuesOf(after, name);
      expect(values.size).toBeLessThanOrEqual(2 ** count);
      const [was, is] = [before, after].map((graph) => parameters(graph).get(`${name}/weight`)!.data);
      was.forEach((value, i) => {
        const nearest = Math.min(...[...values].map((entry) => Math.abs(entry - value)));
        expect(Math.abs(is[i] - value)).toBeCloseTo(nearest, 6);
      });
    }
  });

  it('keep the zeros of a pruned layer', () => {
    const sparse = pruneAtOnce(net(), new Map([['conv', 0.7]]));
    const graph = withCodebooks(sparse, bits(2), nonUniformOptions.parse({}), 1);
    const [was, is] = [sparse, graph].map((each) => parameters(each).get('conv/weight')!.data);
    expect(is.map((value) => (value === 0 ? 1 : 0))).toEqual(was.map((value) => (value === 0 ? 1 : 0)));
  });

  it('leave the first and the last layer as the option says, but for what layers: says', () => {
    const decide = (firstAndLast: 'same' | 'float' | number, layers = {}) =>
      decideBits(
        net(),
        {
          learner: 'non-uniform',
          target: { metric: 'bits', value: 2 },
          options: nonUniformOptions.parse({ firstAndLast }),
        },
        Object.entries(layers).map(([pattern, rule]) => ({ pattern, ...(rule as object) })),
      );
    expect([...decide('same')]).toEqual([...bits(2)]);
    expect([...decide('float')]).toEqual([['dw', 2]]);
    expect([...decide(6)]).toEqual([...bits(2).set('conv', 6).set('fc', 6)]);
    expect([...decide('float', { conv: { bits: 3 }, dw: { skip: true } })]).toEqual([['conv', 3]]);
  });
});

describe.each(executors)('training codebooks on $name', (executor) => {
  it('has as the gradient of an entry the sum over its weights: finite differences', async () => {
    const graph = clustered('clusters');
    const batch = randomBatch(graph, 6, 5, 2);
    const program = await executor.compileTraining(graph, options);
    const { gradients } = await program.gradients(batch);
    program.dispose();
    expect([...gradients.keys()].filter((key) => key.endsWith('/weight'))).toEqual([]);
    const lossWith = async (values: Graph) => {
      // Without the quantization the weights are what they are said to be.
      const nodes = values.nodes.map((node) => {
        if (!hasWeight(node)) return node;
        const { quantization: _, ...rest } = node;
        return rest;
      });
      const plain = await executor.compileTraining({ ...values, nodes }, options);
      const { loss } = await plain.gradients(batch);
      plain.dispose();
      return loss;
    };
    for (const name of ['conv', 'dw', 'fc']) {
      const slope = gradients.get(`${name}/codebook`)!.data;
      const weight = parameters(graph).get(`${name}/weight`)!;
      const codebook = parameters(graph).get(`${name}/codebook`)!.data;
      for (let entry = 0; entry < 4; entry++) {
        const step = 1e-2;
        const moved = (by: number) => {
          const data = weight.data.map((value) => (value === codebook[entry] ? value + by : value));
          return withParameters(graph, new Map([[`${name}/weight`, { shape: weight.shape, data }]]));
        };
        const numeric = ((await lossWith(moved(step))) - (await lossWith(moved(-step)))) / (2 * step);
        expect(Math.abs(slope[entry] - numeric)).toBeLessThan(0.02 * Math.max(1, Math.abs(numeric)));
      }
    }
  });

  it.each(['weights', 'clusters', 'both'] as const)('moves what it is told to, %s, and learns', async (train) => {
    const graph = clustered(train);
    const batch = randomBatch(graph, 16, 5, 2);
    const program = await executor.compileTraining(graph, options);
    const { loss: first } = await program.step(batch, 0.02);
    for (let i = 0; i < 60; i++) await program.step(batch, 0.02);
    const { loss: last } = await program.gradients(batch);
    const end = withParameters(graph, await program.parameters());
    program.dispose();
    expect(last).toBeLessThan(first);
    const [before, after] = [graph, end].map((each) => parameters(each).get('conv/codebook')!.data);
    if (train === 'weights') expect(after).toEqual(before);
    else expect(after).not.toEqual(before);
    expect(after).toEqual(after.slice().sort());
    for (const value of valuesOf(end, 'conv')) expect(after).toContain(value);
  });
});

it.each([
  ['kmeans++', 0],
  ['quantile', 0.5],
] as const)('compresses a model from end to end: %s start, %d epochs', async (start, epochs) => {
  const folder = temporaryFolder();
  writeMnistFiles(folder, { train: 320, test: 40, pixel: (image) => (image % 10) * 25 });
  const text = `
model: lenet
dataset: { name: mnist, directory: . }
baseline: { epochs: 2 }
learner: non-uniform
target: { bits: 3 }
options: { start: ${start}, train: both }
training: { epochs: ${epochs} }
output: { formats: [onnx, packed] }`;
  const plan = loadConfigText(text, folder);
  const run = createRun(folder, { name: 'test', config: plan, version: '0' });
  const { before, after } = await compress(plan, run, { signal: new AbortController().signal });
  run.close();
  expect(after.packedBytes).toBeLessThan(before.packedBytes! / 6);
  expect(after.accuracy).toBeGreaterThanOrEqual(before.accuracy! - 10);
});
