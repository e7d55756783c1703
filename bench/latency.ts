import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureLatencies } from '../src/engine/formats/latency';
import { writeModel } from '../src/engine/formats/write-model';
import { removeChannels } from '../src/engine/graph/edits/remove-channels';
import { graphCost } from '../src/engine/graph/cost';
import { inputShape, type Graph } from '../src/engine/graph/graph';
import { channelGroups } from '../src/engine/graph/groups';
import { countsForTarget, type KeepCounts } from '../src/engine/learners/channel/ratios';
import { buildZooModel } from '../src/engine/zoo/zoo';
import { median } from './support/median';

/**
 * Channel-pruned ResNet-20, at most 50 % of the FLOPs, against the original: latency of one image in onnxruntime, on one
 * thread and on all. The two files take turns within each repetition. Which channels go doesn't matter for the time.
 */
const TARGET = 0.5;
const REPETITIONS = 5;

const original = buildZooModel('resnet20', { inputShape: [32, 32, 3], classes: 10, seed: 0 });
const pruned = halve(original);
const flops = [original, pruned].map((graph) => graphCost(graph).total.flops);
process.stderr.write(`the pruned model keeps ${((100 * flops[1]) / flops[0]).toFixed(1)} % of the FLOPs\n`);

const folder = await mkdtemp(join(tmpdir(), 'pocketflow-bench-'));
try {
  const paths = [
    (await writeModel(pruned, 'onnx', folder, 'pruned')).path,
    (await writeModel(original, 'onnx', folder, 'original')).path,
  ];
  const results = [];
  for (const threads of new Set([1, availableParallelism()])) results.push(await compare(paths, threads));
  process.stdout.write(`${JSON.stringify(results)}\n`);
} finally {
  await rm(folder, { recursive: true });
}

async function compare(paths: readonly string[], threads: number) {
  const runs: { ours: number; peer: number }[] = [];
  for (let repetition = 1; repetition <= REPETITIONS; repetition++) {
    const [ours, peer] = await measureLatencies(paths, inputShape(original), threads);
    const run = { ours: round(ours.medianMs), peer: round(peer.medianMs) };
    runs.push(run);
    process.stderr.write(
      `${threads} thread(s), repetition ${repetition} of ${REPETITIONS}: pruned ${run.ours} ms, original ${run.peer} ms\n`,
    );
  }
  return {
    name: 'latency',
    ratio: round(median(runs.map((run) => run.peer / run.ours))),
    ours: median(runs.map((run) => run.ours)),
    peer: median(runs.map((run) => run.peer)),
    peerName: 'the original ResNet-20, same file format and runtime',
    unit: 'ms',
    threads,
    runs,
  };
}

/** Uniform removal inside the blocks, in multiples of 8: the widths that vector units and runtimes are made for. */
function halve(graph: Graph): Graph {
  const groups = channelGroups(graph);
  const whole = graphCost(graph).total.flops;
  const cut = (counts: KeepCounts) =>
    removeChannels(
      graph,
      groups,
      new Map([...counts].map(([id, count]) => [id, Array.from({ length: count }, (_, i) => i)])),
    );
  const rules = { multipleOf: 8, residual: 'keep', layers: [] } as const;
  const share = (counts: KeepCounts) => graphCost(cut(counts)).total.flops / whole;
  return cut(countsForTarget(groups, { metric: 'flops', value: TARGET }, rules, share));
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
