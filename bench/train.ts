import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { inputShape } from '../src/engine/graph/graph';
import { Random } from '../src/engine/graph/random';
import { size } from '../src/engine/graph/shape';
import type { Batch } from '../src/engine/data/batch';
import { selectExecutor } from '../src/engine/runtime/select';
import { buildZooModel } from '../src/engine/zoo/zoo';
import { median } from './support/median';
import { PythonPeer } from './peers/python-peer';

/**
 * ResNet-20 train step, batch 128, float32: ours on tfjs-node against PyTorch in channels_last, on the same threads. The
 * two take turns, so that whatever else the machine does meets both.
 */
const BATCH = 128;
const WARM_UP = 4;
const STEPS = 8;
const TURNS = 7;

const threads = availableParallelism();
const { executor } = await selectExecutor({ backend: 'tfjs-node', threads });
const graph = buildZooModel('resnet20', { inputShape: [32, 32, 3], classes: 10, seed: 0 });
const program = await executor.compileTraining(graph, {
  optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
  labelSmoothing: 0,
  weightDecay: 1e-4,
  seed: 0,
});
const batch = randomBatch();
const script = resolve('bench/peers/torch_train.py');
const peer = new PythonPeer(process.env.POCKETFLOW_PYTHON ?? 'python3', script, [String(threads), String(BATCH)]);
const { version } = await peer.ask<{ version: string }>();
await ours(WARM_UP);
await theirs(WARM_UP);

const runs: { ours: number; peer: number }[] = [];
for (let turn = 0; turn < TURNS; turn++) {
  const run = { ours: round(await ours(STEPS)), peer: round(await theirs(STEPS)) };
  runs.push(run);
  process.stderr.write(`turn ${turn + 1} of ${TURNS}: ours ${run.ours}, PyTorch ${run.peer} images/s\n`);
}
peer.close();
program.dispose();
process.stdout.write(
  `${JSON.stringify({
    name: 'train',
    ratio: round(median(runs.map((run) => run.ours / run.peer)), 3),
    ours: median(runs.map((run) => run.ours)),
    peer: median(runs.map((run) => run.peer)),
    peerName: `PyTorch ${version}, channels_last`,
    unit: 'images/s',
    threads,
    runs,
  })}\n`,
);

/** Images per second, by the median step. */
async function ours(steps: number): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < steps; i++) {
    const start = performance.now();
    await program.step(batch, 0.05);
    seconds.push((performance.now() - start) / 1000);
  }
  return BATCH / median(seconds);
}

async function theirs(steps: number): Promise<number> {
  return BATCH / median(await peer.ask<number[]>(String(steps)));
}

function randomBatch(): Batch {
  const random = new Random(0);
  const images = Float32Array.from({ length: BATCH * size(inputShape(graph)) }, () => random.normal());
  return { count: BATCH, images, labels: Int32Array.from({ length: BATCH }, () => random.int(10)) };
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
