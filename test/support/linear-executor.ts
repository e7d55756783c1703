import type { Batch } from '../../src/engine/data/batch';
import { makeGraph, parameters, type Graph } from '../../src/engine/graph/graph';
import type { Tensor } from '../../src/engine/graph/node';
import {
  TrainingDiverged,
  type Executor,
  type Parameters,
  type Program,
  type TrainingOptions,
  type TrainingProgram,
} from '../../src/engine/runtime/executor';

/** `input -> flatten -> dense`, weights zero: softmax regression, which {@link linearExecutor} runs. */
export function linearGraph(imageShape: readonly [number, number, number], classes: number): Graph {
  const features = imageShape.reduce((a, b) => a * b);
  const weight = { shape: [features, classes], data: new Float32Array(features * classes) };
  const bias = { shape: [classes], data: new Float32Array(classes) };
  return makeGraph(
    'linear',
    [
      { kind: 'input', name: 'input', inputs: [], shape: imageShape },
      { kind: 'flatten', name: 'flatten', inputs: ['input'] },
      { kind: 'dense', name: 'fc', inputs: ['flatten'], params: { weight, bias } },
    ],
    'fc',
  );
}

/**
 * An executor for {@link linearGraph} in plain JavaScript: SGD with momentum, masks, moving average and distillation,
 * exact to the bit and without native code, for tests of what is built on executors.
 */
export const linearExecutor: Executor = {
  name: 'linear',
  version: '1',
  compile: (graph) => Promise.resolve(program(graph)),
  compileTraining: (graph, options) => Promise.resolve(trainingProgram(graph, options)),
};

type Values = Map<string, Tensor>;

function program(graph: Graph): Program {
  const values = copy(parameters(graph));
  return {
    forward: (batch) => Promise.resolve(logits(values, batch)),
    activations: (batch, nodes) => Promise.resolve(new Map(nodes.map((node) => [node, logits(values, batch)]))),
    batchStatistics: () => Promise.resolve(new Map()),
    setParameters: (changed) => assign(values, changed),
    dispose: () => undefined,
  };
}

function trainingProgram(graph: Graph, options: TrainingOptions): TrainingProgram {
  if (options.optimizer.kind !== 'sgd') throw new Error('the linear executor has SGD only');
  const { momentum } = options.optimizer;
  const values = copy(parameters(graph));
  const velocity = new Map([...values].map(([key, { shape, data }]) => [key, { shape, data: data.map(() => 0) }]));
  const average = copy(values);
  let masks: Parameters = new Map();
  let step = 0;

  return {
    step: (batch, rate, teacher) => {
      const result = lossAndGradients(values, batch, options, teacher?.logits);
      if (!Number.isFinite(result.loss)) throw new TrainingDiverged(step);
      for (const [key, { data }] of values) {
        const mask = masks.get(key)?.data;
        const gradient = result.gradients.get(key)!.data;
        const slot = velocity.get(key)!.data;
        const mean = average.get(key)!.data;
        for (let i = 0; i < data.length; i++) {
          slot[i] = momentum * slot[i] + gradient[i];
          data[i] = (data[i] - rate * slot[i]) * (mask?.[i] ?? 1);
          mean[i] += (1 - (options.ema ?? 0)) * (data[i] - mean[i]);
        }
      }
      step++;
      return Promise.resolve({ loss: result.loss, correct: result.correct });
    },
    setMasks: (next) => void (masks = next),
    setParameters: (changed) => assign(values, changed),
    parameters: (averaged) => Promise.resolve(copy(averaged && options.ema !== undefined ? average : values)),
    state: () => {
      const tensors = [...prefixed('value', values), ...prefixed('slot', velocity), ...prefixed('average', average)];
      return Promise.resolve({ step, tensors: copy(new Map(tensors)) });
    },
    restore: (state) => {
      step = state.step;
      const groups = { value: values, slot: velocity, average };
      for (const [group, target] of Object.entries(groups)) {
        for (const key of target.keys()) assign(target, new Map([[key, state.tensors.get(`${group}:${key}`)!]]));
      }
    },
    gradients: (batch, teacher) => Promise.resolve(lossAndGradients(values, batch, options, teacher?.logits)),
    dispose: () => undefined,
  };
}

function logits(values: Parameters, { count, images }: Batch): Float32Array {
  const [weight, bias] = [values.get('fc/weight')!, values.get('fc/bias')!];
  const [features, classes] = weight.shape;
  const out = new Float32Array(count * classes);
  for (let n = 0; n < count; n++) {
    for (let c = 0; c < classes; c++) {
      let sum = bias.data[c];
      for (let f = 0; f < features; f++) sum += images[n * features + f] * weight.data[f * classes + c];
      out[n * classes + c] = sum;
    }
  }
  return out;
}

function lossAndGradients(values: Parameters, batch: Batch, options: TrainingOptions, teacher?: Float32Array) {
  const { labelSmoothing, weightDecay, distillation } = options;
  const weight = values.get('fc/weight')!;
  const [features, classes] = weight.shape;
  const out = logits(values, batch);
  const gradWeight = weight.data.map((value) => weightDecay * value);
  const gradBias = new Float32Array(classes);
  let loss = 0;
  let correct = 0;
  for (let n = 0; n < batch.count; n++) {
    const row = out.subarray(n * classes, (n + 1) * classes);
    const student = softmax(row);
    if (row.every((value) => value <= row[batch.labels[n]])) correct++;
    const grad = student.map((p, c) => {
      const target = (c === batch.labels[n] ? 1 - labelSmoothing : 0) + labelSmoothing / classes;
      loss -= target * Math.log(p);
      return p - target;
    });
    if (distillation && teacher) {
      const { weight: share, temperature: t } = distillation;
      const soft = softmax(row, t);
      softmax(teacher.subarray(n * classes, (n + 1) * classes), t).forEach((q, c) => {
        loss += share * t * t * q * Math.log(q / soft[c]);
        grad[c] += share * t * (soft[c] - q);
      });
    }
    for (let c = 0; c < classes; c++) {
      gradBias[c] += grad[c] / batch.count;
      for (let f = 0; f < features; f++) {
        gradWeight[f * classes + c] += (batch.images[n * features + f] * grad[c]) / batch.count;
      }
    }
  }
  const gradients: Values = new Map([
    ['fc/weight', { shape: weight.shape, data: gradWeight }],
    ['fc/bias', { shape: [classes], data: gradBias }],
  ]);
  return { loss: loss / batch.count, correct, gradients };
}

function softmax(row: Float32Array, temperature = 1): number[] {
  const highest = Math.max(...row);
  const powers = Array.from(row, (value) => Math.exp((value - highest) / temperature));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

function copy(values: Parameters): Values {
  return new Map([...values].map(([key, { shape, data }]) => [key, { shape, data: data.slice() }]));
}

function assign(target: Values, changed: Parameters): void {
  for (const [key, { data }] of changed) target.get(key)!.data.set(data);
}

function prefixed(group: string, values: Values): [string, Tensor][] {
  return [...values].map(([key, tensor]) => [`${group}:${key}`, tensor]);
}
