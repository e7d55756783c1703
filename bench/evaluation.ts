import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { OnnxSession } from '../src/engine/formats/onnx-session';
import { writeModel } from '../src/engine/formats/write-model';
import { inputShape } from '../src/engine/graph/graph';
import { Random } from '../src/engine/graph/random';
import { size } from '../src/engine/graph/shape';
import { selectExecutor } from '../src/engine/runtime/select';
import { buildZooModel } from '../src/engine/zoo/zoo';
import { PythonPeer } from './peers/python-peer';
import { median } from './support/median';

/**
 * Evaluation of CIFAR ResNets in float32, batch 256: ours on oneDNN against PyTorch in channels_last and against
 * onnxruntime, on the same threads. The three take turns. usage: npm run bench -- evaluation [THREADS]
 */
const BATCH = 256;
const WARM_UP = 2;
const STEPS = 6;
const TURNS = 5;

const threads = Number(process.argv[2] ?? availableParallelism());
const { executor } = await selectExecutor({ backend: 'onednn', threads });
const folder = await mkdtemp(join(tmpdir(), 'pocketflow-bench-'));
const results: object[] = [];
try {
  for (const depth of [20, 56] as const) results.push(...(await compare(depth)));
} finally {
  await rm(folder, { recursive: true });
}
process.stdout.write(`${JSON.stringify(results)}\n`);

async function compare(depth: 20 | 56) {
  const graph = buildZooModel(`resnet${depth}`, { inputShape: [32, 32, 3], classes: 10, seed: 0 });
  const program = await executor.compile(graph);
  const session = await OnnxSession.open((await writeModel(graph, 'onnx', folder, `resnet${depth}`)).path, threads);
  const args = [threads, BATCH, depth, 'f32', 'evaluate'].map(String);
  const torch = new PythonPeer(process.env.POCKETFLOW_PYTHON ?? 'python3', resolve('bench/peers/torch_train.py'), args);
  const { version } = await torch.ask<{ version: string }>();
  const random = new Random(0);
  const images = Float32Array.from({ length: BATCH * size(inputShape(graph)) }, () => random.normal());
  const batch = { count: BATCH, images, labels: new Int32Array(BATCH) };
  const ways = {
    ours: (steps: number) => timed(steps, () => program.forward(batch)),
    torch: (steps: number) => torch.ask<number[]>(String(steps)),
    onnxruntime: (steps: number) => timed(steps, () => session.run(images, [BATCH, 3, 32, 32])),
  };
  const measure = async (way: keyof typeof ways, steps = STEPS) => round(BATCH / median(await ways[way](steps)));
  for (const way of ['ours', 'torch', 'onnxruntime'] as const) await measure(way, WARM_UP);
  const runs: Record<keyof typeof ways, number>[] = [];
  for (let turn = 1; turn <= TURNS; turn++) {
    const run = {
      ours: await measure('ours'),
      torch: await measure('torch'),
      onnxruntime: await measure('onnxruntime'),
    };
    runs.push(run);
    process.stderr.write(`ResNet-${depth}, turn ${turn}, images/s: ${JSON.stringify(run)}\n`);
  }
  torch.close();
  program.dispose();
  await session.close();
  const against = (peer: 'torch' | 'onnxruntime', peerName: string) => ({
    name: `evaluation resnet${depth}`,
    ratio: round(median(runs.map((run) => run.ours / run[peer])), 3),
    ours: median(runs.map(({ ours }) => ours)),
    peer: median(runs.map((run) => run[peer])),
    peerName,
    unit: 'images/s',
    threads,
    runs: runs.map((run) => ({ ours: run.ours, peer: run[peer] })),
  });
  return [against('torch', `PyTorch ${version}, channels_last`), against('onnxruntime', 'onnxruntime, f32')];
}

/** Seconds of each step. */
async function timed(steps: number, step: () => Promise<unknown>): Promise<number[]> {
  const seconds: number[] = [];
  for (let i = 0; i < steps; i++) {
    const before = performance.now();
    await step();
    seconds.push((performance.now() - before) / 1000);
  }
  return seconds;
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
