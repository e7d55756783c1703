import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parameters, withParameters, type Graph } from '../../../../src/engine/graph/graph';
import type { Tensor } from '../../../../src/engine/graph/node';
import { TrainingDiverged, type Parameters } from '../../../../src/engine/runtime/executor';
import { CheckpointError, CheckpointStore, type EpochRecord } from '../../../../src/engine/training/checkpoint';
import { evaluate } from '../../../../src/engine/training/evaluate';
import type { TrainingHook } from '../../../../src/engine/training/hook';
import { compileTeacher, type Teacher } from '../../../../src/engine/training/teacher';
import { train, type TrainOptions } from '../../../../src/engine/training/train';
import type { NewEvent } from '../../../../src/runs/events';
import { linearExecutor, linearGraph } from '../../../support/linear-executor';
import { syntheticDataset } from '../../../support/synthetic-dataset';
import { temporaryFolder } from '../../../support/temporary-folder';
import { trainingPlan } from '../../../support/training-plan';

const imageShape = [2, 2, 2] as const;
const dataset = syntheticDataset({
  classes: 4,
  imageShape,
  counts: { train: 88, validation: 40, test: 200 },
});
/** Five steps of 16 samples an epoch; eight samples are left over. */
const plan = trainingPlan();

function options(changes: Partial<TrainOptions> = {}): TrainOptions {
  return {
    executor: linearExecutor,
    graph: linearGraph(imageShape, 4),
    dataset,
    plan,
    phase: 'fine-tune',
    seed: 1,
    emit: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  };
}

function bits(graph: Graph): Uint32Array[] {
  return [...parameters(graph).values()].map(({ data }) => new Uint32Array(data.slice().buffer));
}

/** What has to be the same after a resume: everything but the clock. */
function untimed(history: readonly EpochRecord[]) {
  return history.map((record) => ({ ...record, seconds: 0, executorBusy: 0 }));
}

async function accuracyOf(graph: Graph): Promise<number> {
  return (await evaluate(await linearExecutor.compile(graph), dataset, 'test')).accuracy;
}

/** Stops the training before a step; the step is still made, then the signal is seen. */
function stopAt(step: number, hook?: TrainingHook) {
  const stop = new AbortController();
  const stopping: TrainingHook = {
    ...hook,
    onStep: async (context) => {
      if (context.step === step) stop.abort();
      await hook?.onStep(context);
    },
  };
  return { signal: stop.signal, hook: stopping };
}

/** Every other step one more weight is masked for good, so what a resume forgets shows in the result. */
function growingMask(): TrainingHook {
  let mask: Tensor = { shape: [8, 4], data: new Float32Array(32).fill(1) };
  return {
    onStep: ({ step, program }) => {
      if (step % 2 === 0) mask = { ...mask, data: mask.data.map((value, i) => (i === step ? 0 : value)) };
      program.setMasks(new Map([['fc/weight', mask]]));
      return Promise.resolve();
    },
    state: () => new Map([['mask', mask]]),
    restore: (state, program) => {
      mask = { shape: [8, 4], data: state.get('mask')!.data };
      program.setMasks(new Map([['fc/weight', mask]]));
    },
  };
}

describe('train', () => {
  it('learns, and reports each epoch', async () => {
    const events: NewEvent[] = [];
    const { graph, history, validationAccuracy } = await train(options({ emit: (event) => events.push(event) }));
    expect(await accuracyOf(linearGraph(imageShape, 4))).toBe(25);
    expect(await accuracyOf(graph)).toBeGreaterThan(75);
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(history[2].loss).toBeLessThan(history[0].loss);
    expect(validationAccuracy).toBe(history[2].validationAccuracy);
    expect(events.filter(({ type }) => type === 'epoch')).toEqual(
      history.map((record) => ({ type: 'epoch', phase: 'fine-tune', epochs: 3, ...record })),
    );
    expect(events.filter(({ type }) => type === 'progress').at(-1)).toMatchObject({ step: 15, total: 15 });
    for (const { executorBusy } of history) {
      expect(executorBusy).toBeGreaterThan(0);
      expect(executorBusy).toBeLessThanOrEqual(1);
    }
  });

  it('trains for a part of an epoch', async () => {
    let last = 0;
    const hook: TrainingHook = { onStep: ({ step }) => Promise.resolve(void (last = step)) };
    const { history } = await train(options({ plan: trainingPlan({ epochs: 1.4 }), hook }));
    expect(history).toHaveLength(2);
    expect(last).toBe(7);
  });

  it('keeps and validates the moving average where the plan has one', async () => {
    let last: Parameters = new Map();
    let average: Parameters = new Map();
    const hook: TrainingHook = {
      onStep: async ({ program }) => {
        [last, average] = [await program.parameters(), await program.parameters(true)];
      },
    };
    const { graph, validationAccuracy } = await train(options({ hook, plan: trainingPlan({ ema: 0.9 }) }));
    expect(parameters(graph)).toEqual(average);
    expect(parameters(graph)).not.toEqual(last);
    const program = await linearExecutor.compile(graph);
    expect(validationAccuracy).toBe((await evaluate(program, dataset, 'validation')).accuracy);
  });

  it('without epochs gives the model back as it came', async () => {
    const start = linearGraph(imageShape, 4);
    const { graph, history } = await train(options({ graph: start, plan: trainingPlan({ epochs: 0 }) }));
    expect(bits(graph)).toEqual(bits(start));
    expect(history).toEqual([]);
  });

  it('tells what diverged, at which step, and leaves the checkpoints', async () => {
    const checkpoints = new CheckpointStore(temporaryFolder());
    const { signal, hook } = stopAt(7);
    await expect(train(options({ checkpoints, signal, hook }))).rejects.toThrow();
    const poison: TrainingHook = {
      onStep: ({ step, program }) => {
        const weight = { shape: [8, 4], data: new Float32Array(32).fill(Infinity) };
        if (step === 9) program.setParameters(new Map([['fc/weight', weight]]));
        return Promise.resolve();
      },
    };
    const promise = train(options({ checkpoints, hook: poison }));
    await expect(promise).rejects.toThrow(TrainingDiverged);
    await expect(promise).rejects.toThrow('at step 9');
    expect(readdirSync(checkpoints.directory)).not.toEqual([]);
  });

  it('needs training samples, enough of them where the data set says so', async () => {
    const none = syntheticDataset({ classes: 4, imageShape, counts: { train: 0, validation: 1, test: 1 } });
    await expect(train(options({ dataset: none }))).rejects.toThrow('no training samples');
    const short = { ...dataset, counts: { ...dataset.counts, train: 160 } };
    await expect(train(options({ dataset: short }))).rejects.toThrow('ended after step 5 of 10');
    const tiny = syntheticDataset({ classes: 4, imageShape, counts: { train: 6, validation: 0, test: 4 } });
    const { history, validationAccuracy } = await train(options({ dataset: tiny }));
    expect(history).toHaveLength(3);
    expect(validationAccuracy).toBeUndefined();
  });
});

describe('masks', () => {
  it('hold to the end, moving average included', async () => {
    const weight = { shape: [8, 4], data: new Float32Array(32).fill(0.5) };
    const start = withParameters(linearGraph(imageShape, 4), new Map([['fc/weight', weight]]));
    const data = weight.data.map((_, i) => i % 2);
    const initialMasks = new Map([['fc/weight', { shape: [8, 4], data }]]);
    for (const ema of [undefined, 0.9]) {
      const { graph } = await train(options({ graph: start, initialMasks, plan: trainingPlan({ epochs: 1, ema }) }));
      const trained = parameters(graph).get('fc/weight')!.data;
      trained.forEach((value, i) => expect(value === 0).toBe(i % 2 === 0));
    }
  });

  it('are refused when they fit no parameter', async () => {
    const initialMasks = new Map([['fc/wieght', { shape: [1], data: Float32Array.of(1) }]]);
    await expect(train(options({ initialMasks }))).rejects.toThrow('the mask "fc/wieght" fits no parameter');
  });
});

/** A trained model's weights moved on by a class: it takes each class for the next one. */
function misled(graph: Graph): Promise<Teacher> {
  const weight = parameters(graph).get('fc/weight')!;
  const data = weight.data.map((_, i) => weight.data[i - (i % 4) + ((i + 3) % 4)]);
  const moved = withParameters(graph, new Map([['fc/weight', { ...weight, data }]]));
  return compileTeacher(linearExecutor, moved, graph, 0);
}

const distilled = trainingPlan({ distillation: { weight: 20, temperature: 2, features: 0 }, learningRate: 0.02 });

describe('distillation', () => {
  it('draws the student to the teacher, even away from the labels', async () => {
    const teacher = await misled((await train(options())).graph);
    const { graph } = await train(options({ teacher, plan: distilled, keepStartIfBetter: false }));
    expect(await accuracyOf(graph)).toBeLessThan(15);
  });

  it('says that the teacher is missing or has other outputs', async () => {
    await expect(train(options({ plan: distilled }))).rejects.toThrow('no original model to learn from');
    const seven = linearGraph(imageShape, 7);
    const teacher = await compileTeacher(linearExecutor, seven, seven, 0);
    await expect(train(options({ plan: distilled, teacher }))).rejects.toThrow(
      /the model that distillation learns from gives 7 outputs, but data set synthetic has 4 classes/,
    );
  });
});

describe('the start', () => {
  it('is kept when training makes validation worse, and the journal says so', async () => {
    const good = (await train(options())).graph;
    const events: NewEvent[] = [];
    const teacher = await misled(good);
    const harmful = { graph: good, teacher, plan: distilled };
    const result = await train(options({ ...harmful, emit: (event) => events.push(event) }));
    expect(result.keptStart).toBe(true);
    expect(bits(result.graph)).toEqual(bits(good));
    expect(result.validationAccuracy).toBeGreaterThan(result.history.at(-1)!.validationAccuracy!);
    expect(events).toContainEqual(expect.objectContaining({ type: 'message', level: 'warning' }));
    const forced = await train(options({ ...harmful, keepStartIfBetter: false }));
    expect(bits(forced.graph)).not.toEqual(bits(good));
  });
});

describe('a stop', () => {
  it('is heard at the next step, and a checkpoint is there before the error', async () => {
    const events: NewEvent[] = [];
    const checkpoints = new CheckpointStore(temporaryFolder());
    const { signal, hook } = stopAt(2);
    const promise = train(options({ checkpoints, signal, hook, emit: (event) => events.push(event) }));
    await expect(promise).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(readdirSync(checkpoints.directory)).toEqual(['step-000000003.safetensors']);
    expect(events.at(-1)).toMatchObject({ type: 'checkpoint', phase: 'fine-tune', epoch: 0 });
  });

  it('is heard while nothing but the event loop can tell', async () => {
    const counts = { train: 88, validation: 0, test: 0 };
    const unvalidated = syntheticDataset({ classes: 4, imageShape, counts });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const started = performance.now();
    const long = { dataset: unvalidated, plan: trainingPlan({ epochs: 10_000 }) };
    await expect(train(options({ ...long, signal: stop.signal }))).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('at any step, and a resume end with the same bits as running through', async () => {
    const straight = await train(options({ hook: growingMask(), plan: trainingPlan({ ema: 0.9 }) }));
    for (let step = 0; step < 15; step++) {
      const shared = { checkpoints: new CheckpointStore(temporaryFolder()), plan: trainingPlan({ ema: 0.9 }) };
      await expect(train(options({ ...shared, ...stopAt(step, growingMask()) }))).rejects.toThrow();
      const resumed = await train(options({ ...shared, hook: growingMask() }));
      expect(bits(resumed.graph), `stopped at step ${step}`).toEqual(bits(straight.graph));
      expect(untimed(resumed.history)).toEqual(untimed(straight.history));
    }
  });

  it('twice in one epoch changes nothing either', async () => {
    const straight = await train(options());
    const checkpoints = new CheckpointStore(temporaryFolder());
    for (const step of [6, 8]) await expect(train(options({ checkpoints, ...stopAt(step) }))).rejects.toThrow();
    const resumed = await train(options({ checkpoints }));
    expect(bits(resumed.graph)).toEqual(bits(straight.graph));
    expect(resumed.validationAccuracy).toBe(straight.validationAccuracy);
  });
});

describe('a killed process', () => {
  it('goes on from the last epoch; from the one before when that checkpoint is cut', async () => {
    const straight = await train(options());
    const checkpoints = new CheckpointStore(temporaryFolder());
    const killed: TrainingHook = {
      onStep: ({ step }) => (step === 12 ? Promise.reject(new Error('killed')) : Promise.resolve()),
    };
    await expect(train(options({ checkpoints, hook: killed }))).rejects.toThrow('killed');
    const newest = join(checkpoints.directory, 'step-000000010.safetensors');
    truncateSync(newest, readFileSync(newest).length / 2);
    const events: NewEvent[] = [];
    const resumed = await train(options({ checkpoints, emit: (event) => events.push(event) }));
    expect(events.slice(0, 2)).toEqual([
      expect.objectContaining({ level: 'warning', text: expect.stringContaining(newest) }),
      expect.objectContaining({ level: 'info', text: expect.stringContaining('step 5 of 15') }),
    ]);
    expect(bits(resumed.graph)).toEqual(bits(straight.graph));
  });

  it('that had finished is not trained again', async () => {
    const checkpoints = new CheckpointStore(temporaryFolder());
    const first = await train(options({ checkpoints }));
    let steps = 0;
    const again = await train(options({ checkpoints, hook: { onStep: () => Promise.resolve(void steps++) } }));
    expect(steps).toBe(0);
    expect(bits(again.graph)).toEqual(bits(first.graph));
    expect(again.history).toEqual(first.history);
  });
});

it('a checkpoint is not taken up by another model, plan or seed', async () => {
  const checkpoints = new CheckpointStore(temporaryFolder());
  await train(options({ checkpoints, plan: trainingPlan({ epochs: 1 }) }));
  const others: Partial<TrainOptions>[] = [{}, { seed: 2 }, { graph: linearGraph([8, 1, 1], 4) }];
  for (const other of others) await expect(train(options({ checkpoints, ...other }))).rejects.toThrow(CheckpointError);
});
