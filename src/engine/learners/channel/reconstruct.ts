import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../data/batch';
import { findNode, withParameters, type Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/node';
import { inferShapes } from '../../graph/shape';
import type { Program } from '../../runtime/executor';
import { solveRidge } from './least-squares';
import { Moments } from './moments';
import { gatherPatches, patchSize, type MixingNode } from './patches';
import type { LayerSamples } from './sampling';
import { meansAreFree } from './select';

/** Share of the mean variance added to the diagonal: steadies channels that are nearly copies of each other. */
const RIDGE = 1e-3;

export interface Reconstruction {
  readonly graph: Graph;
  /** Relative squared error of each layer's output after the fit, by layer name. */
  readonly errors: ReadonlyMap<string, number>;
}

/**
 * Fits the layers one after the other to give the original outputs from what the pruned model feeds them (He et al.
 * 2017, eq. 4; taking the pruned model's own features, as the paper does for whole models, lets each layer mend what
 * the ones before got wrong).
 *
 * @param graph The pruned model.
 * @param program The same, compiled; it is left with the new weights.
 * @param layers Layers to fit, in graph order.
 * @param samples What was sampled at these layers of the original model.
 * @param outputsOf For each layer the output channels of the original that are still there.
 */
export async function reconstruct(
  graph: Graph,
  program: Program,
  layers: readonly string[],
  samples: ReadonlyMap<string, LayerSamples>,
  outputsOf: ReadonlyMap<string, readonly number[]>,
  images: readonly Batch[],
  signal: AbortSignal,
): Promise<Reconstruction> {
  const shapes = inferShapes(graph);
  const errors = new Map<string, number>();
  let current = graph;
  for (const name of layers) {
    const layer = findNode(graph, name);
    const sample = samples.get(name);
    if (!sample || (layer.kind !== 'conv2d' && layer.kind !== 'dense')) continue;
    const input = shapes.get(layer.inputs[0]) ?? [];
    const output = shapes.get(name) ?? [];
    const kept = outputsOf.get(name) ?? [];
    const patches = new Moments(patchSize(layer, input), patchSize(layer, input));
    const cross = new Moments(patches.size, kept.length);
    const targets = keepColumns(sample.outputs, sample.outputs.length / sample.rows, kept);
    let first = 0;
    for (const batch of images) {
      const features = (await program.activations(batch, [layer.inputs[0]])).get(layer.inputs[0]);
      if (!features) continue;
      const { positions } = sample;
      const rows = gatherPatches(layer, features, input, output, positions, first, batch.count);
      const from = first * positions.perImage * kept.length;
      const count = batch.count * positions.perImage;
      patches.add(rows, rows, count);
      cross.add(rows, targets.subarray(from, from + count * kept.length), count);
      first += batch.count;
      await setImmediate();
      signal.throwIfAborted();
    }
    const fit = fitLayer(layer, patches, cross, targets, meansAreFree(graph, layer));
    errors.set(name, fit.error);
    current = withParameters(current, fit.values);
    program.setParameters(fit.values);
  }
  return { graph: current, errors };
}

interface Fit {
  readonly values: ReadonlyMap<string, Tensor>;
  readonly error: number;
}

/**
 * Least squares for the change of the weight, so that the ridge pulls towards the weight that is there:
 * `(C + r I) D = cov(x, y) - C W`, new weight `W + D`.
 */
function fitLayer(layer: MixingNode, patches: Moments, cross: Moments, targets: Float32Array, center: boolean): Fit {
  const { weight, bias } = layer.params;
  const [size, outputs] = [patches.size, cross.columns];
  const xMean = center ? patches.mean() : undefined;
  const yMean = columnMeans(targets, outputs);
  const covariance = patches.second(xMean, xMean);
  const crossCovariance = cross.second(xMean, center ? yMean : undefined);
  const residual = subtractProduct(crossCovariance, covariance, weight.data, size, outputs);
  const change = solveRidge(covariance, residual, size, outputs, RIDGE);
  const fitted = weight.data.map((value, i) => value + change[i]);

  const values = new Map<string, Tensor>([[`${layer.name}/weight`, { shape: weight.shape, data: fitted }]]);
  if (bias && xMean) {
    const data = Float32Array.from(yMean, (mean, o) => {
      for (let i = 0; i < size; i++) mean -= xMean[i] * fitted[i * outputs + o];
      return mean;
    });
    values.set(`${layer.name}/bias`, { shape: bias.shape, data });
  }
  const energy = columnEnergy(targets, outputs, center ? yMean : undefined);
  // |y - W'x|^2 = |y|^2 - <W, cov(x, y)> - <W, cov(x, y) - C W>
  const rest = subtractProduct(crossCovariance, covariance, fitted, size, outputs);
  let error = energy;
  for (let i = 0; i < fitted.length; i++) error -= fitted[i] * (crossCovariance[i] + rest[i]);
  return { values, error: energy > 0 ? Math.max(error / energy, 0) : 0 };
}

/** `B - A W` with A `[size, size]` and W, B `[size, columns]`. */
function subtractProduct(
  b: Float64Array,
  a: Float64Array,
  w: Float32Array,
  size: number,
  columns: number,
): Float64Array {
  const result = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k];
      if (factor === 0) continue;
      for (let c = 0; c < columns; c++) result[i * columns + c] -= factor * w[k * columns + c];
    }
  }
  return result;
}

function keepColumns(rows: Float32Array, columns: number, kept: readonly number[]): Float32Array {
  if (kept.length === columns) return rows;
  const count = rows.length / columns;
  const result = new Float32Array(count * kept.length);
  for (let row = 0; row < count; row++) {
    for (let k = 0; k < kept.length; k++) result[row * kept.length + k] = rows[row * columns + kept[k]];
  }
  return result;
}

function columnMeans(rows: Float32Array, columns: number): Float64Array {
  const means = new Float64Array(columns);
  const count = rows.length / columns;
  for (let i = 0; i < rows.length; i++) means[i % columns] += rows[i] / count;
  return means;
}

/** Mean squared value, or variance when means are given, summed over the columns. */
function columnEnergy(rows: Float32Array, columns: number, means?: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += (rows[i] - (means?.[i % columns] ?? 0)) ** 2;
  return sum / (rows.length / columns);
}
