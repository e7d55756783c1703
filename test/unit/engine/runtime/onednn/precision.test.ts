import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../../src/engine/graph/builder';
import type { Graph } from '../../../../../src/engine/graph/graph';
import type { Parameters, TrainingOptions } from '../../../../../src/engine/runtime/executor';
import { loadOneDnn } from '../../../../../src/engine/runtime/onednn/onednn-executor';
import { selectExecutor } from '../../../../../src/engine/runtime/select';
import { randomBatch, randomized } from '../../../../support/randomized';

const loaded = tryLoad();
const options: TrainingOptions = {
  optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
  labelSmoothing: 0,
  weightDecay: 1e-3,
  seed: 3,
};

describe.runIf(loaded?.inBf16)('bf16', () => {
  const { executor, inBf16 } = loaded!;

  it('has about the gradients of f32, whatever the op', async () => {
    const graph = everyKind();
    const batch = randomBatch(graph, 16, 3, 1);
    const [exact, rough] = [
      await executor.compileTraining(graph, options),
      await inBf16!.compileTraining(graph, options),
    ];
    const [wanted, own] = [await exact.gradients(batch), await rough.gradients(batch)];

    expect(Math.abs(own.loss / wanted.loss - 1)).toBeLessThan(0.02);
    for (const [key, { data }] of wanted.gradients) {
      // A bias before a batch norm has no gradient but rounding errors.
      if (key === 'conv/bias' || key === 'dw/bias') continue;
      expect(cosine(data, own.gradients.get(key)?.data ?? []), key).toBeGreaterThan(0.98);
    }
    exact.dispose();
    rough.dispose();
  });

  it('learns a batch by heart, with weights in f32', async () => {
    const graph = everyKind();
    const batch = randomBatch(graph, 8, 3, 1);
    const program = await inBf16!.compileTraining(graph, { ...options, weightDecay: 0 });
    const first = await program.step(batch, 0.02);
    let last = first;
    for (let i = 0; i < 80; i++) last = await program.step(batch, 0.02);
    expect(last.loss).toBeLessThan(first.loss / 3);
    expect(hasFinePrecision(await program.parameters())).toBe(true);
    program.dispose();
  });

  it('is what a config asks for, and said to be', async () => {
    const { reason } = await selectExecutor({ backend: 'onednn', threads: 1, precision: 'bf16' });
    expect(reason).toMatch(/training in bf16 as set/);
  });
});

it('is not to be had from other backends, which is said', async () => {
  const { executor, reason } = await selectExecutor({ backend: 'wasm', threads: 1, precision: 'bf16' });
  expect(executor.name).toBe('wasm');
  expect(reason).toContain('f32 instead of bf16, which wasm does not have');
});

function everyKind(): Graph {
  const b = new GraphBuilder('net', 1);
  const conv = b.conv2d(b.input([8, 8, 2]), { name: 'conv', filters: 8, kernel: 3, padding: 1 });
  const first = b.relu(b.batchNorm(conv, { name: 'bn1' }));
  const dw = b.depthwiseConv2d(first, { name: 'dw', kernel: 3, padding: 'same' });
  const second = b.relu6(b.batchNorm(dw, { name: 'bn2' }));
  const gated = b.mul(second, b.sigmoid(b.globalAvgPool(second, true)));
  const quantized = b.fakeQuant(b.add(gated, first), { min: 0, max: 6 });
  const smaller = b.slice(quantized, { strides: [2, 2, 1] });
  const padded = b.pad(b.concat([smaller, b.maxPool(quantized, { size: 2 })]), [
    [0, 0],
    [0, 0],
    [1, 1],
  ]);
  const features = b.dropout(b.flatten(b.avgPool(b.tanh(padded), { size: 2 })), 0.2);
  return randomized(b.build(b.dense(features, { name: 'fc', units: 3 })), 1);
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [along, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    along += a[i] * b[i];
    ofA += a[i] ** 2;
    ofB += b[i] ** 2;
  }
  return along / Math.sqrt(ofA * ofB);
}

/** Whether some weight needs more than the 8 bits of a bf16 mantissa. */
function hasFinePrecision(parameters: Parameters): boolean {
  const bits = new Uint32Array((parameters.get('fc/weight')?.data ?? new Float32Array()).slice().buffer);
  return bits.some((pattern) => (pattern & 0xffff) !== 0);
}

function tryLoad() {
  try {
    return loadOneDnn(1);
  } catch {
    return undefined;
  }
}
