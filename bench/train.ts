import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { inputShape, type Graph } from '../src/engine/graph/graph';
import { Random } from '../src/engine/graph/random';
import { size } from '../src/engine/graph/shape';
import type { Batch } from '../src/engine/data/batch';
import { selectExecutor } from '../src/engine/runtime/select';
import { buildZooModel } from '../src/engine/zoo/zoo';
import { median } from './support/median';
import { PythonPeer } from './peers/python-peer';

/**
 * Train steps of CIFAR ResNets, batch 128, with loss and update: ours on oneDNN against PyTorch in channels_last, in float32
 * and in bf16 (theirs by autocast), on the same threads. The two take turns, so that whatever else the machine does
 * meets both. usage: npm run bench -- train [THREADS [DEPTH [PRECISION]]]
 */
const BATCH = 128;
const WARM_UP = 2;
const STEPS = 4;
const TURNS = 5;
const cases = [
  { depth: 20, precision: 'f32' },
  { depth: 20, precision: 'bf16' },
  { depth: 56, precision: 'f32' },
  { depth: 56, precision: 'bf16' },
] as const;

const [threads = availableParallelism(), wantedDepth, wantedPrecision] = parseArguments();
const results: object[] = [];
for (const { depth, precision } of cases) {
  if ((wantedDepth ?? depth) !== depth || (wantedPrecision ?? precision) !== precision) continue;
  const { executor, reason } = await selectExecutor({ backend: 'onednn', threads, precision });
  process.stderr.write(`${executor.version}: ${reason}\n`);
  const graph = buildZooModel(`resnet${depth}`, { inputShape: [32, 32, 3], classes: 10, seed: 0 });
  const batch = randomBatch(graph);
  const begun = performance.now();
  const program = await executor.compileTraining(graph, {
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
    labelSmoothing: 0,
    weightDecay: 1e-4,
    seed: 0,
  });
  await program.step(batch, 0.05);
  const start = round((performance.now() - begun) / 1000, 2);
  const script = resolve('bench/peers/torch_train.py');
  const args = [threads, BATCH, depth, precision].map(String);
  const peer = new PythonPeer(process.env.POCKETFLOW_PYTHON ?? 'python3', script, args);
  const { version } = await peer.ask<{ version: string }>();
  /** Images per second, by the median step. */
  const ours = async (steps: number) => {
    const seconds: number[] = [];
    for (let i = 0; i < steps; i++) {
      const before = performance.now();
      await program.step(batch, 0.05);
      seconds.push((performance.now() - before) / 1000);
    }
    return BATCH / median(seconds);
  };
  const theirs = async (steps: number) => BATCH / median(await peer.ask<number[]>(String(steps)));
  await ours(WARM_UP);
  await theirs(WARM_UP);
  const runs: { ours: number; peer: number }[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const run = { ours: round(await ours(STEPS)), peer: round(await theirs(STEPS)) };
    runs.push(run);
    process.stderr.write(
      `ResNet-${depth} ${precision}, turn ${turn + 1}: ours ${run.ours}, PyTorch ${run.peer} images/s\n`,
    );
  }
  peer.close();
  program.dispose();
  results.push({
    name: `train resnet${depth} ${precision}`,
    ratio: round(median(runs.map((run) => run.ours / run.peer)), 3),
    ours: median(runs.map((run) => run.ours)),
    peer: median(runs.map((run) => run.peer)),
    peerName: `PyTorch ${version}, channels_last${precision === 'bf16' ? ', bf16 autocast' : ''}`,
    unit: 'images/s',
    threads,
    /** Compile, plan and first step. */
    startSeconds: start,
    runs,
  });
}
process.stdout.write(`${JSON.stringify(results)}\n`);

function parseArguments(): [threads?: number, depth?: number, precision?: string] {
  const [threads, depth, precision] = process.argv.slice(2);
  return [threads ? Number(threads) : undefined, depth ? Number(depth) : undefined, precision];
}

function randomBatch(graph: Graph): Batch {
  const random = new Random(0);
  const images = Float32Array.from({ length: BATCH * size(inputShape(graph)) }, () => random.normal());
  return { count: BATCH, images, labels: Int32Array.from({ length: BATCH }, () => random.int(10)) };
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
