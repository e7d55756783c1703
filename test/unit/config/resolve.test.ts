import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse';
import type { RunPlan } from '../../../src/config/plan';
import { resolveConfig } from '../../../src/config/resolve';

function planOf(text: string): RunPlan {
  const { config, problems } = parseConfig(text);
  if (!config) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return resolveConfig(config, { baseDirectory: '/home/ada/project' });
}

const small = 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n';

it('three lines become a whole plan', () => {
  const plan = planOf(small);
  expect(plan.model).toEqual({ kind: 'zoo', name: 'lenet', width: 1 });
  expect(plan.dataset).toEqual({ kind: 'builtin', name: 'mnist', validation: 0.1 });
  expect(plan.stages).toHaveLength(1);
  expect(plan.stages[0]).toMatchObject({
    learner: 'channel',
    target: { metric: 'flops', value: 0.5 },
    options: { selection: 'obs' },
    training: { mode: 'finetune', schedule: { kind: 'cosine' }, distillation: { temperature: 4 } },
  });
  expect(plan.baseline).toMatchObject({ mode: 'retrain', optimizer: { kind: 'sgd', nesterov: true } });
  expect(plan.baseline.distillation).toBeUndefined();
  expect(plan.output).toEqual({ formats: ['onnx', 'tfjs'] });
});

it('is plain data', () => {
  const plan = planOf(small);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

it('a sparsity target calls for weight-sparse, with options of its own', () => {
  expect(
    planOf('model: lenet\ndataset: mnist\ntarget: { sparsity: 0.8 }\noptions: { end: 0.7 }').stages[0],
  ).toMatchObject({
    learner: 'weight-sparse',
    options: { begin: 0.1, end: 0.7, exponent: 3 },
  });
});

it('paths start from the folder of the config', () => {
  const plan = planOf(
    'model: ../models/a.onnx\ndataset: { folder: photos }\ntarget: { flops: 0.5 }\noutput: { directory: out, formats: [onnx, onnx] }',
  );
  expect(plan.model).toEqual({ kind: 'file', path: '/home/ada/models/a.onnx' });
  expect(plan.dataset).toMatchObject({ kind: 'folder', folder: '/home/ada/project/photos', imageSize: 224 });
  expect(plan.output).toEqual({ formats: ['onnx'], directory: '/home/ada/project/out' });
});

it('weights and data directory are absolute too', () => {
  const plan = planOf(
    'model: { zoo: resnet20, weights: w.onnx }\ndataset: { name: cifar10, directory: /data }\ntarget: { flops: 0.5 }',
  );
  expect(plan.model).toEqual({ kind: 'zoo', name: 'resnet20', width: 1, weights: '/home/ada/project/w.onnx' });
  expect(plan.dataset).toMatchObject({ directory: '/data' });
});

it('layers keep their order', () => {
  expect(planOf(`${small}layers: { "*": { keep: 0.5 }, fc: { skip: true } }`).layers).toEqual([
    { pattern: '*', keep: 0.5 },
    { pattern: 'fc', skip: true },
  ]);
});

describe('training', () => {
  const trainingOf = (training: string) => planOf(`${small}training: ${training}`).stages[0]?.training;

  it('the learning rate goes with the batch size, unless it is given', () => {
    const usual = trainingOf('{}')?.learningRate ?? NaN;
    expect(trainingOf('{ batchSize: 64 }')?.learningRate).toBeCloseTo(usual / 2);
    expect(trainingOf('{ batchSize: 64, learningRate: 0.3 }')?.learningRate).toBe(0.3);
  });

  it('Adam gets a rate of its own', () => {
    expect(trainingOf('{ optimizer: adam, batchSize: 512 }')).toMatchObject({
      learningRate: 2e-4,
      optimizer: { kind: 'adam', beta1: 0.9 },
    });
  });

  it('plain SGD has no Nesterov momentum', () => {
    expect(trainingOf('{ momentum: 0 }')?.optimizer).toEqual({ kind: 'sgd', momentum: 0, nesterov: false });
  });

  it('a retrain is as long as the training of the original', () => {
    const plan = planOf(`${small}training: { mode: retrain }`);
    expect(plan.stages[0]?.training.epochs).toBe(plan.baseline.epochs);
  });

  it('distillation can be switched off, or set', () => {
    expect(trainingOf('{ distillation: false }')?.distillation).toBeUndefined();
    expect(trainingOf('{ distillation: { weight: 1 } }')?.distillation).toEqual({
      weight: 1,
      temperature: 4,
      features: 0,
    });
  });

  it('warm-up is never longer than the training', () => {
    const plan = planOf('model: resnet50\ndataset: { folder: p }\ntarget: { flops: 0.5 }\nbaseline: { epochs: 2 }');
    expect(plan.baseline.warmupEpochs).toBeLessThanOrEqual(2);
  });
});
