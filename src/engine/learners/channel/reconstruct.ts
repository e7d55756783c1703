import type { Batch } from '../../data/batch';
import { findNode, type Graph } from '../../graph/graph';
import type { BatchNormNode, Tensor } from '../../graph/node';
import { inferShapes } from '../../graph/shape';
import type { Executor } from '../../runtime/executor';
import { Frontier } from './frontier';
import { solveRidge } from './least-squares';
import { Moments } from './moments';
import { gatherOutputs, gatherPatches, patchSize, type MixingNode } from './patches';
import { normsBehind, shortcutBeside } from './readers';
import type { LayerSamples } from './sampling';

/** Share of the mean variance added to the diagonal: steadies channels that are nearly copies of each other. */
const RIDGE = 1e-3;

export interface Reconstruction {
  readonly graph: Graph;
  /** Relative squared error of each layer's output after the fit, by layer name. */
  readonly errors: ReadonlyMap<string, number>;
}

/**
 * Changes a layer's weight once more after the fit, in place.
 * @param covariance Of the layer's input patches, row-major `[size, size]`; `weight` is `[size, outputs]`.
 */
export type Refine = (layer: MixingNode, weight: Float32Array, covariance: Float64Array) => void;

/**
 * Fits the layers one after the other to give the original outputs from what the pruned model feeds them (He et al.
 * 2017, eq. 4; taking the pruned model's own features, as the paper does for whole models, lets each layer mend what
 * the ones before got wrong). A layer whose output is added to a shortcut aims at what is wrong with the shortcut as well
 * (section 3.3).
 *
 * @param graph The pruned model.
 * @param layers Layers to fit, in graph order.
 * @param samples What was sampled at these layers of the original model.
 * @param outputsOf For each layer the output channels of the original that are still there; all where it says nothing.
 * @param refine What to do with each weight when it is fitted.
 */
export async function reconstruct(
  executor: Executor,
  graph: Graph,
  layers: readonly string[],
  samples: ReadonlyMap<string, LayerSamples>,
  outputsOf: ReadonlyMap<string, readonly number[]>,
  images: readonly Batch[],
  signal: AbortSignal,
  refine?: Refine,
): Promise<Reconstruction> {
  const shapes = inferShapes(graph);
  const errors = new Map<string, number>();
  const frontier = new Frontier(executor, graph, images, signal);
  for (const name of layers) {
    const layer = findNode(graph, name);
    const sample = samples.get(name);
    if (!sample || (layer.kind !== 'conv2d' && layer.kind !== 'dense')) continue;
    const { positions, rows: total } = sample;
    const input = layer.inputs[0];
    const [inShape, outShape] = [shapes.get(input) ?? [], shapes.get(name) ?? []];
    const kept = outputsOf.get(name) ?? [...Array(outShape[outShape.length - 1]).keys()];
    const patches = new Moments(patchSize(layer, inShape));
    const cross = new Moments(patches.size, kept.length);
    const targets = keepColumns(sample.outputs, sample.outputs.length / total, kept);
    const shortcut = sample.shortcut && shortcutBeside(graph, name);
    const wanted = sample.shortcut && keepColumns(sample.shortcut, sample.shortcut.length / total, kept);
    for await (const { first, count, values } of frontier.see(shortcut ? [input, shortcut.node] : [input])) {
      const features = values.get(input);
      if (!features) continue;
      const rows = gatherPatches(layer, features, inShape, outShape, positions, first, count);
      const from = first * positions.perImage * kept.length;
      const beside = shortcut && values.get(shortcut.node);
      if (shortcut && beside && wanted) {
        const own = gatherOutputs(beside, outShape, positions, first, count);
        addMissing(targets.subarray(from), wanted.subarray(from), own, shortcut.scale);
      }
      const n = count * positions.perImage;
      patches.add(n, rows);
      cross.add(n, rows, targets.subarray(from, from + n * kept.length));
    }
    const norms = normsBehind(frontier.graph, name);
    const fit = fitLayer(layer, patches, cross, targets, norms, refine);
    errors.set(name, fit.error);
    frontier.setParameters(fit.values);
  }
  return { graph: frontier.graph, errors };
}

/** Adds to the targets what the shortcut lacks, in the units of the layer before its batch norm. */
function addMissing(targets: Float32Array, wanted: Float32Array, own: Float32Array, scale?: Float32Array): void {
  const columns = scale?.length ?? 1;
  const mean = scale ? scale.reduce((sum, value) => sum + Math.abs(value), 0) / columns : 1;
  // A channel that batch norm makes small would have to be made huge to mend anything: it is let off.
  const inverse = scale ? scale.map((value) => value / (value * value + (0.05 * mean) ** 2)) : Float32Array.of(1);
  for (let i = 0; i < own.length; i++) targets[i] += (wanted[i] - own[i]) * inverse[i % columns];
}

interface Fit {
  readonly values: ReadonlyMap<string, Tensor>;
  readonly error: number;
}

/**
 * Least squares for the change of the weight, so that the ridge pulls towards the weight that is there:
 * `(C + r I) D = cov(x, y) - C W`, new weight `W + D`.
 */
function fitLayer(
  layer: MixingNode,
  patches: Moments,
  cross: Moments,
  targets: Float32Array,
  norms: readonly BatchNormNode[],
  refine?: Refine,
): Fit {
  const { weight, bias } = layer.params;
  const center = bias !== undefined || norms.length > 0;
  const [size, outputs] = [patches.size, cross.columns];
  const xMean = center ? patches.mean() : undefined;
  const yMean = columnMeans(targets, outputs);
  const covariance = patches.second(xMean, xMean);
  const crossCovariance = cross.second(xMean, center ? yMean : undefined);
  const residual = subtractProduct(crossCovariance, covariance, weight.data, size, outputs);
  const change = solveRidge(covariance, residual, size, outputs, RIDGE);
  const fitted = weight.data.map((value, i) => value + change[i]);
  refine?.(layer, fitted, covariance);

  const values = new Map<string, Tensor>([[`${layer.name}/weight`, { shape: weight.shape, data: fitted }]]);
  if (xMean) {
    const intercept = Float32Array.from(yMean, (mean, o) => {
      for (let i = 0; i < size; i++) mean -= xMean[i] * fitted[i * outputs + o];
      return mean;
    });
    if (bias) values.set(`${layer.name}/bias`, { shape: bias.shape, data: intercept });
    // Without a bias the batch norms behind the layer take it: what they subtract is less by as much.
    else {
      for (const { name, params } of norms) {
        values.set(`${name}/mean`, {
          shape: params.mean.shape,
          data: params.mean.data.map((mean, o) => mean - intercept[o]),
        });
      }
    }
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
