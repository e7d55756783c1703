import type { ChannelOptions } from '../../../config/learners/channel';
import { findNode, type Graph } from '../../graph/graph';
import type { ChannelGroup } from '../../graph/groups';
import { hasWeight } from '../../graph/node';
import { eliminationOrder, type UnitReader } from './eliminate';
import { largest, selectByLasso } from './lasso';
import type { MixingNode } from './patches';
import { normScale, normsBehind } from './readers';
import type { LayerSamples } from './sampling';
import { addGrams, ownTarget, unitGram } from './unit-gram';

/** Chooses `count` units of a group; returns the indices of those that stay, ascending. */
type SelectUnits = (
  graph: Graph,
  group: ChannelGroup,
  count: number,
  samples: ReadonlyMap<string, LayerSamples>,
) => readonly number[];

/** By `options.selection`. */
export const selectUnits: Readonly<Record<ChannelOptions['selection'], SelectUnits>> = {
  obs: selectUnitsByElimination,
  lasso: selectUnitsByLasso,
  magnitude: selectUnitsByMagnitude,
};

/**
 * The units of a group whose weighted sum best gives back what all its consumers compute together (He et al. 2017,
 * eq. 2, with the consumers of coupled channels stacked).
 */
function selectUnitsByLasso(
  graph: Graph,
  group: ChannelGroup,
  count: number,
  samples: ReadonlyMap<string, LayerSamples>,
): readonly number[] {
  const readers = readersOf(graph, group, samples);
  if (readers.length === 0) return selectUnitsByMagnitude(graph, group, count);
  const gram = addGrams(
    readers.map(({ covariance, weight, outputs, rowsOf }) => unitGram(covariance, weight, outputs, rowsOf)),
  );
  return selectByLasso(gram, ownTarget(gram), count).kept;
}

/** Orders that are known already, by samples and group: a search asks for many counts of the same group. */
const orders = new WeakMap<ReadonlyMap<string, LayerSamples>, Map<string, readonly number[]>>();

/** The units that are left when those go first whose loss the others make good best, see {@link eliminationOrder}. */
function selectUnitsByElimination(
  graph: Graph,
  group: ChannelGroup,
  count: number,
  samples: ReadonlyMap<string, LayerSamples>,
): readonly number[] {
  const known = orders.get(samples) ?? new Map<string, readonly number[]>();
  orders.set(samples, known);
  let order = known.get(group.id);
  if (!order) {
    const readers = readersOf(graph, group, samples);
    if (readers.length === 0) return selectUnitsByMagnitude(graph, group, count);
    const few = readers.map((reader) => (reader.weight.length / reader.outputs > MOST_ROWS ? asWhole(reader) : reader));
    order = eliminationOrder(few, group.units.length);
    known.set(group.id, order);
  }
  return order.slice(order.length - count).sort((a, b) => a - b);
}

/** Rows whose weights are fitted one by one; the time for it grows with their cube. */
const MOST_ROWS = 1024;

/** A reader that scales what each unit contributes to its output as a whole, as LASSO does: a row for each unit. */
function asWhole({ covariance, weight, outputs, rowsOf }: UnitReader): UnitReader {
  const { values } = unitGram(covariance, weight, outputs, rowsOf);
  const ones = new Float32Array(rowsOf.length).fill(1);
  return { covariance: values, weight: ones, outputs: 1, rowsOf: rowsOf.map((_, unit) => [unit]) };
}

/**
 * The layers that read a group, with the batch norms behind them: errors count as the next layer sees them, else
 * channels that happen to have large values would decide alone.
 */
function readersOf(
  graph: Graph,
  group: ChannelGroup,
  samples: ReadonlyMap<string, LayerSamples>,
): readonly UnitReader[] {
  return group.consumers.flatMap((name) => {
    const layer = findNode(graph, name);
    const patches = samples.get(name)?.patches;
    if (!patches || (layer.kind !== 'conv2d' && layer.kind !== 'dense')) return [];
    const norms = normsBehind(graph, name);
    // A constant added to the layer's output is taken up again by its bias, or by what the batch norms subtract.
    const mean = layer.params.bias || norms.length > 0 ? patches.mean() : undefined;
    const [own, outputs] = denseWeight(layer);
    const weight = norms.length === 1 ? scaleColumns(own, normScale(norms[0])) : own;
    return [{ covariance: patches.second(mean, mean), weight, outputs, rowsOf: rowsOfUnits(group, layer) }];
  });
}

/**
 * The units with the largest filters: L1 norm of their weights in each producer (Li et al. 2017), relative to the
 * producer's mean so that coupled layers count alike, summed over the producers.
 */
function selectUnitsByMagnitude(graph: Graph, group: ChannelGroup, count: number): readonly number[] {
  const scores = new Float64Array(group.units.length);
  for (const name of group.producers) {
    const layer = findNode(graph, name);
    if (!hasWeight(layer)) continue;
    const { data } = layer.params.weight;
    // Output channels are the fastest dimension of every weight (depthwise: channel * multiplier + m).
    const outputs =
      layer.kind === 'depthwiseConv2d'
        ? layer.params.weight.shape[2] * layer.params.weight.shape[3]
        : layer.params.weight.shape[layer.params.weight.shape.length - 1];
    const norms = new Float64Array(outputs);
    data.forEach((value, i) => (norms[i % outputs] += Math.abs(value)));
    const mean = norms.reduce((sum, norm) => sum + norm, 0) / outputs || 1;
    group.units.forEach((unit, u) => {
      for (const channel of unit.channels.get(name) ?? []) scores[u] += norms[channel] / mean;
    });
  }
  return largest(scores, count);
}

function scaleColumns(weight: Float32Array, scale: Float32Array): Float32Array {
  return weight.map((value, i) => value * scale[i % scale.length]);
}

/** For each unit the rows of the layer's patch matrix that it fills. */
function rowsOfUnits(group: ChannelGroup, layer: MixingNode): number[][] {
  const { shape } = layer.params.weight;
  const taps = layer.kind === 'dense' ? 1 : shape[0] * shape[1];
  const channels = layer.kind === 'dense' ? shape[0] : shape[2] * layer.groups;
  return group.units.map((unit) => {
    const own = unit.channels.get(layer.inputs[0]) ?? [];
    return Array.from({ length: taps }, (_, tap) => own.map((channel) => tap * channels + channel)).flat();
  });
}

/** The weight as a matrix `[patch size, outputs]`; a grouped convolution's has zeros between its groups. */
function denseWeight(layer: MixingNode): [weight: Float32Array, outputs: number] {
  const { shape, data } = layer.params.weight;
  const outputs = shape[shape.length - 1];
  if (layer.kind === 'dense' || layer.groups === 1) return [data, outputs];
  const [kh, kw, perGroup] = shape;
  const channels = perGroup * layer.groups;
  const filtersPerGroup = outputs / layer.groups;
  const matrix = new Float32Array(kh * kw * channels * outputs);
  for (let row = 0; row < kh * kw * perGroup; row++) {
    const [tap, c] = [Math.floor(row / perGroup), row % perGroup];
    for (let o = 0; o < outputs; o++) {
      const channel = Math.floor(o / filtersPerGroup) * perGroup + c;
      matrix[(tap * channels + channel) * outputs + o] = data[row * outputs + o];
    }
  }
  return [matrix, outputs];
}
