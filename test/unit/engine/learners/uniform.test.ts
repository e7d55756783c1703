import { describe, expect, it } from 'vitest';
import { compress } from '../../../../src/engine/compress';
import { rangeOf } from '../../../../src/engine/learners/uniform/calibrate';
import { quantizeGraph } from '../../../../src/engine/learners/uniform/quantize';
import { encodeOnnx } from '../../../../src/engine/formats/onnx/write-onnx';
import { foldBatchNorms } from '../../../../src/engine/graph/edits/fold-batch-norms';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { uniformOptions } from '../../../../src/config/learners/uniform';
import { snapToChannelGrid } from '../../../../src/engine/graph/fake-quant';
import { weightGrids } from '../../../../src/engine/graph/weight-quantization';
import { hasWeight } from '../../../../src/engine/graph/node';
import { createRun } from '../../../../src/runs/journal';
import { readRun } from '../../../../src/runs/read';
import { writeMnistFiles } from '../../../support/idx-files';
import { loadConfigText } from '../../../support/load-config-text';
import { availableExecutors } from '../../../support/executors';
import { randomBatch, randomized } from '../../../support/randomized';
import { referenceOutput } from '../../../support/reference-forward';
import { runOnnxSample } from '../../../support/run-onnx';
import { seededNormal } from '../../../support/seeded';
import { temporaryFolder } from '../../../support/temporary-folder';

function net() {
  const b = new GraphBuilder('net', 1);
  const conv = b.relu(
    b.batchNorm(b.conv2d(b.input([8, 8, 3]), { name: 'conv', filters: 8, kernel: 3 }), { name: 'bn' }),
  );
  const depthwise = b.depthwiseConv2d(conv, { name: 'dw', kernel: 3, padding: 'same' });
  const sum = b.add(depthwise, conv);
  return randomized(b.build(b.dense(b.globalAvgPool(sum), { name: 'fc', units: 5 })), 3);
}
const executors = await availableExecutors();
const bits = (count: number) => new Map(['conv', 'dw', 'fc'].map((name) => [name, count]));

describe('uniform quantization', () => {
  it.each([8, 4, 2])('leaves each channel of a weight at most 2^%i - 1 values', (count) => {
    const graph = quantizeGraph(foldBatchNorms(net()), bits(count), uniformOptions.parse({}));
    for (const node of graph.nodes.filter(hasWeight)) {
      const channels = node.params.range!.data.length;
      for (let c = 0; c < channels; c++) {
        const values = new Set(node.params.weight.data.filter((_, i) => i % channels === c));
        expect(values.size).toBeLessThanOrEqual(2 ** count - 1);
      }
    }
  });

  it('writes integers that onnxruntime computes with as the graph does', async () => {
    const graph = quantizeGraph(foldBatchNorms(net()), bits(8), uniformOptions.parse({}));
    const sample = Float32Array.from({ length: 8 * 8 * 3 }, seededNormal(5));
    const output = await runOnnxSample(encodeOnnx(graph), sample, [8, 8, 3]);
    // A sum on the border between two integers may go to either: one step of an activation, 2 / 255.
    referenceOutput(graph, sample).forEach((value, i) => expect(Math.abs(output[i] - value)).toBeLessThan(0.02));
  });

  it.each(executors)('trains float weights and computes with rounded ones, on $name', async (executor) => {
    const graph = quantizeGraph(foldBatchNorms(net()), bits(4), uniformOptions.parse({ weightRange: 'mse' }));
    const program = await executor.compileTraining(graph, {
      optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
      labelSmoothing: 0,
      weightDecay: 0,
      seed: 1,
    });
    const weight = async () => (await program.parameters()).get('fc/weight')!.data;
    const start = await weight();
    const batch = randomBatch(graph, 8, 5, 2);
    // One step is smaller than half a step of the grid, many are not: float weights have to remember.
    const { gradients } = await program.gradients(batch);
    const [slope] = [Math.max(...gradients.get('fc/weight')!.data.map(Math.abs))];
    const step = Math.min(...graph.nodes.filter(hasWeight).flatMap((node) => [...node.params.range!.data])) / 7;
    await program.step(batch, (0.3 * step) / slope);
    expect(await weight()).toEqual(start);
    for (let i = 0; i < 9; i++) await program.step(batch, (0.3 * step) / slope);
    const end = await weight();
    expect(end).not.toEqual(start);
    const fc = graph.nodes.find((node) => node.name === 'fc')!;
    const grids = hasWeight(fc) ? weightGrids(fc.params.range!.data, 4) : [];
    end.forEach((value, i) => expect(snapToChannelGrid(value, grids[i % 5])).toBe(value));
    program.dispose();
  });

  it.each(executors)('learns ranges with the gradient scale of LSQ, on $name', async (executor) => {
    const graph = quantizeGraph(foldBatchNorms(net()), bits(3), uniformOptions.parse({ learnRanges: true }));
    const program = await executor.compileTraining(graph, {
      optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
      labelSmoothing: 0,
      weightDecay: 0,
      seed: 1,
    });
    const batch = randomBatch(graph, 16, 5, 2);
    const { gradients } = await program.gradients(batch);
    const before = await program.parameters();
    const { loss: first } = await program.step(batch, 1e-3);
    const after = await program.parameters();
    // 3 levels on either side of 0; 8 filters of 3 x 3 x 3.
    const [was, is, slope] = [before, after, gradients].map((values) => values.get('conv/range')!.data[0]);
    expect(is).toBeCloseTo(was - (1e-3 * slope * 9) / Math.sqrt(27 * 3), 6);
    for (let i = 0; i < 80; i++) await program.step(batch, 1e-2);
    expect((await program.gradients(batch)).loss).toBeLessThan(first);
    const end = await program.parameters();
    for (const [key, { data }] of end) if (key.endsWith('/min')) expect(data[0]).toBeLessThanOrEqual(0);
    program.dispose();
  });

  it('takes a range that holds most values and leaves outliers out', () => {
    const normal = seededNormal(1);
    const values = Float32Array.from([...Array.from({ length: 20_000 }, () => Math.abs(normal())), 20]);
    expect(rangeOf(values, 8, 'max')).toEqual([0, 20]);
    expect(rangeOf(values, 8, 'percentile')[1]).toBeLessThan(5);
    expect(rangeOf(values, 4, 'mse')[1]).toBeLessThan(15);
  });

  it.each([0, 1])('quantizes a model from end to end, with %i epochs of training', async (epochs) => {
    const folder = temporaryFolder();
    writeMnistFiles(folder, { train: 320, test: 40, pixel: (image) => (image % 10) * 25 });
    const text = `
model: lenet
dataset: { name: mnist, directory: . }
baseline: { epochs: 2 }
target: { bits: 8 }
options: { samples: 64 }
training: { epochs: ${epochs} }
output: { formats: [onnx] }`;
    const plan = loadConfigText(text, folder);
    const run = createRun(folder, { name: 'test', config: plan, version: '0' });
    const { before, after } = await compress(plan, run, { signal: new AbortController().signal });
    run.close();
    expect(after.bytes).toBeLessThan(0.3 * before.bytes!);
    expect(after.accuracy).toBeGreaterThanOrEqual(before.accuracy! - 5);
    const layers = (await readRun(run.directory)).layers.get(0)!;
    expect(layers.map(({ bits }) => bits?.weights)).toEqual(layers.map(() => 8));
  });
});
