import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import type { TrainingOptions } from '../../../../src/engine/runtime/executor';
import type { Backend } from '../../../../src/engine/runtime/tfjs/kernels';
import { loadNativeBackend } from '../../../../src/engine/runtime/tfjs/native-backend';
import { TfjsExecutor } from '../../../../src/engine/runtime/tfjs/tfjs-executor';
import { loadWasmBackend } from '../../../../src/engine/runtime/tfjs/wasm-backend';
import { describeBackends } from '../../../../src/engine/runtime/select';
import { opCases } from '../../../support/op-cases';
import { randomBatch } from '../../../support/randomized';

const loads = { 'tfjs-node': loadNativeBackend, wasm: loadWasmBackend };
const available = new Set((await describeBackends()).flatMap(({ name, available }) => (available ? [name] : [])));
const found = (['tfjs-node', 'wasm'] as const).filter((name) => available.has(name));
const backends = await Promise.all(found.map((name): Promise<Backend> => loads[name](1)));
const options: TrainingOptions = {
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  labelSmoothing: 0.1,
  weightDecay: 1e-4,
  ema: 0.9,
  seed: 1,
};

describe.each(backends)('tensors on $name', (backend) => {
  const executor = new TfjsExecutor(backend);
  const { tf } = backend;

  it('are all given back by training and inference, whatever the ops', async () => {
    const start = tf.memory();
    for (const { build, input = [6, 5, 4] } of opCases) {
      const b = new GraphBuilder('op');
      const op = build(b, b.input(input));
      const features = b.shapeOf(op).length === 1 ? op : b.flatten(op);
      const graph = b.build(b.dense(features, { name: 'fc', units: 2 }));
      const batch = randomBatch(graph, 2, 2, 1);
      const training = await executor.compileTraining(graph, options);
      await training.step(batch, 0.01);
      await training.gradients(batch);
      const program = await executor.compile(graph);
      await program.forward(batch);
      const held = tf.memory().numTensors;
      await program.forward(batch);
      await program.batchStatistics(batch);
      await training.step(batch, 0.01);
      program.setParameters(await training.parameters());
      await program.forward(batch);
      expect(tf.memory().numTensors).toBe(held);
      program.dispose();
      training.dispose();
    }
    expect(tf.memory().numTensors).toBe(start.numTensors);
    expect(tf.memory().numDataBuffers).toBe(start.numDataBuffers);
  });

  it('are given back when a pass fails', async () => {
    const b = new GraphBuilder('net');
    const graph = b.build(b.dense(b.input([3]), { name: 'fc', units: 2 }));
    const training = await executor.compileTraining(graph, options);
    const start = tf.memory().numTensors;
    const batch = { count: 1, images: Float32Array.from([NaN, 0, 0]), labels: Int32Array.from([0]) };
    await expect(training.step(batch, 0.1)).rejects.toThrow();
    expect(tf.memory().numTensors).toBe(start);
    training.dispose();
  });
});
