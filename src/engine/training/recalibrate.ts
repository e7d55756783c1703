import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../data/dataset';
import { withParameters, type Graph } from '../graph/graph';
import type { Tensor } from '../graph/node';
import type { Executor, Parameters, Program } from '../runtime/executor';
import { untilAborted } from './until-aborted';

export interface RecalibrationOptions {
  /** Training images to measure on, not augmented; 0 leaves the graph as it is. */
  readonly samples: number;
  /** Most samples a forward pass. Statistics below a batch norm depend on it: keep it near the training batch. */
  readonly batchSize: number;
  /** Says which training images are drawn. */
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/**
 * Batch-norm recalibration (Li et al. 2020, "EagleEye"): an edit changes what each layer sees, and a candidate scored
 * with the old running statistics looks far worse than it is. Forgets them and measures anew.
 */
export async function recalibrateBatchNorm(
  executor: Executor,
  graph: Graph,
  dataset: Dataset,
  options: RecalibrationOptions,
): Promise<Graph> {
  if (options.samples === 0 || !graph.nodes.some((node) => node.kind === 'batchNorm')) return graph;
  const program = await executor.compile(graph);
  try {
    return withParameters(graph, await measureStatistics(program, dataset, options));
  } finally {
    program.dispose();
  }
}

/**
 * Mean and biased variance of each batch norm's input over all the samples, as parameters `node/mean` and
 * `node/variance`. One pass: batches are pooled by the law of total variance,
 * `Var = E[batch variance] + Var[batch mean]`, weighted by their sizes.
 * @throws the signal's reason when aborted.
 */
export async function measureStatistics(
  program: Pick<Program, 'batchStatistics'>,
  dataset: Dataset,
  { samples, batchSize, seed, signal }: RecalibrationOptions,
): Promise<Parameters> {
  const total = Math.min(samples, dataset.counts.train);
  // Batches of about one size: a last batch of a few samples would be normalised by hardly any data.
  const evenSize = Math.ceil(total / Math.ceil(total / batchSize));
  const pools = new Map<string, Pool>();
  const batches = dataset.batches('train', { batchSize: evenSize, limit: total, shuffle: true, epoch: seed });
  for await (const batch of untilAborted(batches, signal)) {
    for (const [node, { mean, variance }] of await program.batchStatistics(batch)) {
      let pool = pools.get(node);
      if (!pool) pools.set(node, (pool = new Pool(mean.length)));
      pool.add(batch.count, mean, variance);
    }
    await setImmediate();
  }
  const values = new Map<string, Tensor>();
  for (const [node, pool] of pools) {
    values.set(`${node}/mean`, { shape: [pool.mean.length], data: Float32Array.from(pool.mean) });
    values.set(`${node}/variance`, { shape: [pool.mean.length], data: pool.variance() });
  }
  return values;
}

/** Chan et al. 1979: merges mean and summed squared deviation without cancellation; float64 throughout. */
class Pool {
  private count = 0;
  readonly mean: Float64Array;
  private readonly deviation: Float64Array;

  constructor(channels: number) {
    this.mean = new Float64Array(channels);
    this.deviation = new Float64Array(channels);
  }

  add(count: number, mean: Float32Array, variance: Float32Array): void {
    const total = this.count + count;
    for (let c = 0; c < this.mean.length; c++) {
      const delta = mean[c] - this.mean[c];
      this.deviation[c] += variance[c] * count + (delta * delta * this.count * count) / total;
      this.mean[c] += (delta * count) / total;
    }
    this.count = total;
  }

  variance(): Float32Array {
    return Float32Array.from(this.deviation, (sum) => sum / this.count);
  }
}
