import { availableParallelism } from 'node:os';
import type { Batch } from '../src/engine/data/batch';
import { openDataset } from '../src/engine/data/open-dataset';
import { selectExecutor } from '../src/engine/runtime/select';
import { buildZooModel } from '../src/engine/zoo/zoo';
import { median } from './support/median';

/**
 * Whether data keep up with training: CIFAR-10 with its standard augmentation, batch 128, ResNet-20 on tfjs-node.
 * `data-busy`: images per second of training fed by the pipeline, against the same steps without the time that they
 * waited for their batch; the ratio is the share of the time that the executor is busy. Measured within the same steps,
 * so that other work on the machine meets both.
 * `data-rate`: what one worker makes when nothing else runs, against what the executor uses up.
 */
const BATCH = 128;
const WARM_UP = 4;
const STEPS = 12;
const TURNS = 7;
const EPOCHS = 3;
const LEARNING_RATE = 0.05;

const threads = availableParallelism();
const dataset = await openDataset({ kind: 'builtin', name: 'cifar10', validation: 5000 }, { seed: 0 });
const { executor } = await selectExecutor({ backend: 'tfjs-node', threads });
const graph = buildZooModel('resnet20', { inputShape: [32, 32, 3], classes: 10, seed: 0 });
const program = await executor.compileTraining(graph, {
  optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
  labelSmoothing: 0,
  weightDecay: 1e-4,
  seed: 0,
});
await train(WARM_UP, 0);

const busy: { ours: number; peer: number }[] = [];
for (let turn = 0; turn < TURNS; turn++) {
  const { seconds, waited } = await train(STEPS, turn);
  const run = { ours: round((STEPS * BATCH) / seconds), peer: round((STEPS * BATCH) / (seconds - waited)) };
  busy.push(run);
  process.stderr.write(`turn ${turn + 1} of ${TURNS}: ${run.ours} images/s, ${(1000 * waited).toFixed(2)} ms waited\n`);
}
program.dispose();

const appetite = median(busy.map((run) => run.peer));
const rates: { ours: number; peer: number }[] = [];
for (let epoch = 0; epoch < EPOCHS; epoch++) rates.push({ ours: round(await pipelineAlone(epoch)), peer: appetite });
await dataset.close();

process.stdout.write(
  `${JSON.stringify([
    result('data-busy', 'the same steps without waiting for data', busy),
    result('data-rate', 'ResNet-20 train step', rates),
  ])}\n`,
);

function result(name: string, peerName: string, runs: readonly { ours: number; peer: number }[]) {
  return {
    name,
    ratio: round(median(runs.map((run) => run.ours / run.peer)), 3),
    ours: median(runs.map((run) => run.ours)),
    peer: median(runs.map((run) => run.peer)),
    peerName,
    unit: 'images/s',
    threads,
    runs,
  };
}

/** Trains from the second batch of an epoch on: the first one fills the pipeline, before any training could run. */
async function train(steps: number, epoch: number): Promise<{ seconds: number; waited: number }> {
  const passes = dataset.batches('train', { batchSize: BATCH, shuffle: true, augment: true, epoch });
  const batches = passes[Symbol.asyncIterator]();
  const first = (await batches.next()) as IteratorYieldResult<Batch>;
  await program.step(first.value, LEARNING_RATE);
  const start = performance.now();
  let waited = 0;
  for (let i = 0; i < steps; i++) {
    const asked = performance.now();
    const { value } = (await batches.next()) as IteratorYieldResult<Batch>;
    waited += performance.now() - asked;
    await program.step(value, LEARNING_RATE);
  }
  const seconds = (performance.now() - start) / 1000;
  await batches.return?.();
  return { seconds, waited: waited / 1000 };
}

async function pipelineAlone(epoch: number): Promise<number> {
  const start = performance.now();
  let samples = 0;
  for await (const { count } of dataset.batches('train', { batchSize: BATCH, shuffle: true, augment: true, epoch })) {
    samples += count;
  }
  return (samples * 1000) / (performance.now() - start);
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
