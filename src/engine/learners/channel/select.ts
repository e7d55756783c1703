import { findNode, type Graph } from '../../graph/graph';
import type { ChannelGroup } from '../../graph/groups';
import { hasWeight } from '../../graph/node';
import { largest, selectByLasso } from './lasso';
import type { MixingNode } from './patches';
import type { LayerSamples } from './sampling';
import { addGrams, ownTarget, unitGram } from './unit-gram';

/**
 * The units of a group whose weighted sum best gives back what all its consumers compute together (He et al. 2017,
 * eq. 2, with the consumers of coupled channels stacked).
 * @returns Indices of the units that stay, ascending.
 */
export function selectUnitsByLasso(
  graph: Graph,
  group: ChannelGroup,
  count: number,
  samples: ReadonlyMap<string, LayerSamples>,
): readonly number[] {
  const grams = group.consumers.flatMap((name) => {
    const layer = findNode(graph, name);
    const patches = samples.get(name)?.patches;
    if (!patches || (layer.kind !== 'conv2d' && layer.kind !== 'dense')) return [];
    const mean = meansAreFree(graph, layer) ? patches.mean() : undefined;
    const [weight, outputs] = denseWeight(layer);
    const seen = scaleColumns(weight, normalizationScale(graph, layer));
    return [unitGram(patches.second(mean, mean), seen, outputs, rowsOfUnits(group, layer))];
  });
  if (grams.length === 0) return selectUnitsByMagnitude(graph, group, count);
  const gram = addGrams(grams);
  return selectByLasso(gram, ownTarget(gram), count).kept;
}

/**
 * The units with the largest filters: L1 norm of their weights in each producer (Li et al. 2017), relative to the
 * producer's mean so that coupled layers count alike, summed over the producers.
 */
export function selectUnitsByMagnitude(graph: Graph, group: ChannelGroup, count: number): readonly number[] {
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

/** Whether a constant added to the layer's output is taken up again: by its bias, or by batch norms that are recalibrated. */
export function meansAreFree(graph: Graph, layer: MixingNode): boolean {
  if (layer.params.bias) return true;
  const readers = graph.nodes.filter((node) => node.inputs.includes(layer.name));
  return readers.length > 0 && readers.every((node) => node.kind === 'batchNorm');
}

/**
 * What a batch norm behind the layer multiplies each output channel by; undefined without one. Errors count as the next
 * layer sees them, else channels that happen to have large values would decide alone.
 */
function normalizationScale(graph: Graph, layer: MixingNode): Float32Array | undefined {
  const [reader, ...others] = graph.nodes.filter((node) => node.inputs.includes(layer.name));
  if (reader?.kind !== 'batchNorm' || others.length > 0) return undefined;
  const { gamma, variance } = reader.params;
  return gamma.data.map((value, c) => value / Math.sqrt(variance.data[c] + reader.epsilon));
}

function scaleColumns(weight: Float32Array, scale: Float32Array | undefined): Float32Array {
  return scale ? weight.map((value, i) => value * scale[i % scale.length]) : weight;
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
