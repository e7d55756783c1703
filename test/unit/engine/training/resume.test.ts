import { beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { parameters, type Graph } from '../../../../src/engine/graph/graph';
import type { Executor } from '../../../../src/engine/runtime/executor';
import { selectExecutor } from '../../../../src/engine/runtime/select';
import { CheckpointStore } from '../../../../src/engine/training/checkpoint';
import { compileTeacher } from '../../../../src/engine/training/teacher';
import { train, type TrainOptions } from '../../../../src/engine/training/train';
import { syntheticDataset } from '../../../support/synthetic-dataset';
import { temporaryFolder } from '../../../support/temporary-folder';
import { trainingPlan } from '../../../support/training-plan';

const imageShape = [8, 8, 3] as const;
const dataset = syntheticDataset({ classes: 4, imageShape, counts: { train: 80, validation: 40, test: 0 }, noise: 1 });

/** With all that has state of its own or is random: batch norm, dropout. */
function network(): Graph {
  const b = new GraphBuilder('small', 3);
  let x = b.conv2d(b.input(imageShape), { name: 'conv1', filters: 8, kernel: 3, padding: 'same', bias: false });
  x = b.maxPool(b.relu(b.batchNorm(x, { name: 'bn1' })), { size: 2 });
  x = b.depthwiseConv2d(x, { name: 'dw', kernel: 3, padding: 'same' });
  x = b.dropout(b.flatten(b.relu(x)), 0.2);
  return b.build(b.dense(x, { name: 'fc', units: 4 }));
}

describe('training on the real executor', () => {
  let executor: Executor;
  beforeAll(async () => {
    ({ executor } = await selectExecutor({ backend: 'auto', threads: 'auto', seed: 0 }));
  });

  function options(changes: Partial<TrainOptions>): TrainOptions {
    return {
      executor,
      graph: network(),
      dataset,
      plan: trainingPlan({ ema: 0.9, labelSmoothing: 0.1, clipNorm: 5 }),
      phase: 'train',
      seed: 4,
      emit: () => undefined,
      signal: new AbortController().signal,
      ...changes,
    };
  }

  it.each([
    ['sgd', trainingPlan({ ema: 0.9, labelSmoothing: 0.1, clipNorm: 5 })],
    [
      'adamw',
      trainingPlan({ optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, learningRate: 0.01 }),
    ],
  ])('%s: stopped and resumed, it ends with the same bits as running through', async (_, plan) => {
    const straight = await train(options({ plan }));
    for (const step of [2, 9, 14]) {
      const checkpoints = new CheckpointStore(temporaryFolder());
      const stop = new AbortController();
      const hook = { onStep: (at: { step: number }) => Promise.resolve(at.step === step ? stop.abort() : undefined) };
      await expect(train(options({ plan, checkpoints, hook, signal: stop.signal }))).rejects.toThrow();
      const resumed = await train(options({ plan, checkpoints }));
      expect(parameters(resumed.graph), `stopped at step ${step}`).toEqual(parameters(straight.graph));
      expect(resumed.validationAccuracy).toBe(straight.validationAccuracy);
    }
  });

  it('distils from itself without harm', async () => {
    const { graph } = await train(options({}));
    const teacher = await compileTeacher(executor, graph, graph, 0);
    const plan = trainingPlan({
      epochs: 1,
      learningRate: 0.01,
      distillation: { weight: 4, temperature: 4, features: 0 },
    });
    const { validationAccuracy, history } = await train(options({ graph, teacher, plan }));
    teacher.dispose();
    expect(validationAccuracy).toBeGreaterThan(60);
    expect(history).toHaveLength(1);
  });
});
