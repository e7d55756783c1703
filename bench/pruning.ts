import { resolve } from 'node:path';
import { channelOptions, type ChannelOptions } from '../src/config/learners/channel';
import { openDataset } from '../src/engine/data/open-dataset';
import { readModel } from '../src/engine/formats/read-model';
import { graphCost } from '../src/engine/graph/cost';
import type { Graph } from '../src/engine/graph/graph';
import { decideUniform, pruneChannels } from '../src/engine/learners/channel/channel';
import { selectExecutor } from '../src/engine/runtime/select';
import { evaluate } from '../src/engine/training/evaluate';
import { median } from './support/median';

/**
 * What channel pruning leaves of a CIFAR-10 classifier before any fine-tuning: test accuracy at half of the FLOPs, one
 * ratio for all layers, batch norm recalibrated. For each way of choosing channels, against filters chosen by their L1
 * norm with nothing fitted (Li et al. 2017). usage: npm run bench -- pruning MODEL.onnx
 */
const SEEDS = 3;
const target = { metric: 'flops', value: 0.5 } as const;
/** What the model was trained with: the usual figures of ImageNet. */
const normalization = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

const path = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
if (path === undefined) throw new Error('Which model? usage: npm run bench -- pruning MODEL.onnx');
const { signal } = new AbortController();
const dataset = await openDataset({ kind: 'builtin', name: 'cifar10', validation: 5000, normalization }, { seed: 0 });
const { executor, threads } = await selectExecutor({ backend: 'tfjs-node', threads: 2 });
const graph = await readModel(resolve(path));
process.stderr.write(`the original: ${(await accuracyOf(graph)).toFixed(2)} %\n`);

const baseline: number[] = [];
for (let seed = 0; seed < SEEDS; seed++)
  baseline.push(await prune({ selection: 'magnitude', reconstruct: false }, seed));
const results: object[] = [];
for (const selection of ['obs', 'lasso', 'magnitude'] as const) {
  const runs: { ours: number; peer: number }[] = [];
  for (const [seed, peer] of baseline.entries()) runs.push({ ours: await prune({ selection }, seed), peer });
  results.push({
    name: `pruning-${selection}`,
    ratio: Number(median(runs.map(({ ours, peer }) => ours / peer)).toFixed(3)),
    ours: median(runs.map((run) => run.ours)),
    peer: median(baseline),
    peerName: 'L1 norm, nothing fitted',
    unit: '% test accuracy before fine-tuning',
    threads,
    runs,
  });
}
await dataset.close();
process.stdout.write(`${JSON.stringify(results)}\n`);

async function prune(input: Partial<ChannelOptions>, seed: number): Promise<number> {
  const options = channelOptions.parse(input);
  const start = performance.now();
  const decision = decideUniform(graph, target, options, []);
  const candidate = await pruneChannels(graph, decision, options, { executor, dataset, seed, signal });
  const seconds = (performance.now() - start) / 1000;
  const share = graphCost(candidate.graph).total.flops / graphCost(graph).total.flops;
  const accuracy = await accuracyOf(candidate.graph);
  process.stderr.write(
    `${JSON.stringify(input)}, seed ${seed}: ${accuracy.toFixed(2)} % with ${(100 * share).toFixed(1)} % of the FLOPs, after ${seconds.toFixed(1)} s\n`,
  );
  return accuracy;
}

async function accuracyOf(model: Graph): Promise<number> {
  const program = await executor.compile(model);
  try {
    return (await evaluate(program, dataset, 'test', { signal })).accuracy;
  } finally {
    program.dispose();
  }
}
