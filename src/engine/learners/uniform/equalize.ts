import { consumers, withParameters, type Graph } from '../../graph/graph';
import { hasWeight, type Node, type Tensor, type WeightNode } from '../../graph/node';
import { outputChannels } from '../../graph/buckets';

/** Passes over all pairs; what one pair gains another loses again, less each time. */
const PASSES = 20;

/** Work value by value and give `s f(x)` for `s x` when s > 0; or never mix channels and are linear. */
const homogeneous: ReadonlySet<Node['kind']> = new Set([
  'relu',
  'leakyRelu',
  'maxPool',
  'avgPool',
  'globalAvgPool',
  'dropout',
  'flatten',
]);

/**
 * Cross-layer equalisation (Nagel et al. 2019, "Data-Free Quantization", section 4.1): where one layer alone reads another,
 * with nothing between that minds a channel's scale, the channel is scaled down in the one and up in the other until its
 * weights are as large in both: `s = sqrt(r1 / r2)`. The model computes the same, and its weights lose less by rounding.
 * @param graph Without batch norms that fold.
 */
export function equalizeLayers(graph: Graph): Graph {
  const pairs = graph.nodes.filter(hasWeight).flatMap((first): (readonly [string, string])[] => {
    const second = soleReader(graph, first);
    return second ? [[first.name, second.name]] : [];
  });
  if (pairs.length === 0) return graph;
  const layers = new Map(graph.nodes.filter(hasWeight).map((node) => [node.name, copyOf(node)]));
  for (let pass = 0; pass < PASSES; pass++) {
    for (const [first, second] of pairs) equalize(layers.get(first), layers.get(second));
  }
  const values = new Map<string, Tensor>();
  for (const [name, { params }] of layers) {
    values.set(`${name}/weight`, params.weight);
    if (params.bias) values.set(`${name}/bias`, params.bias);
  }
  return withParameters(graph, values);
}

/** The layer that alone reads what `first` gives, and only through what leaves each channel's scale alone. */
function soleReader(graph: Graph, first: WeightNode): WeightNode | undefined {
  const readers = consumers(graph);
  for (let node: Node = first; node.name !== graph.output;) {
    const [next, ...others]: readonly Node[] = readers.get(node.name) ?? [];
    if (others.length > 0 || next === undefined) return undefined;
    if (hasWeight(next)) return next.kind === 'conv2d' && next.groups > 1 ? undefined : next;
    if (!homogeneous.has(next.kind)) return undefined;
    node = next;
  }
  return undefined;
}

function copyOf(node: WeightNode): WeightNode {
  const copy = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.slice() });
  const { weight, bias } = node.params;
  return { ...node, params: { weight: copy(weight), ...(bias && { bias: copy(bias) }) } };
}

/** Scales in place. */
function equalize(first: WeightNode | undefined, second: WeightNode | undefined): void {
  if (!first || !second) return;
  const channels = outputChannels(first);
  const { weight, bias } = first.params;
  const inputOf = inputChannel(second, channels);
  const [before, after] = [new Float64Array(channels), new Float64Array(channels)];
  weight.data.forEach((value, i) => (before[i % channels] = Math.max(before[i % channels], Math.abs(value))));
  const { data } = second.params.weight;
  data.forEach((value, i) => (after[inputOf(i)] = Math.max(after[inputOf(i)], Math.abs(value))));
  const scale = before.map((range, c) => (range > 0 && after[c] > 0 ? Math.sqrt(range / after[c]) : 1));
  for (let i = 0; i < weight.data.length; i++) weight.data[i] /= scale[i % channels];
  if (bias) for (let c = 0; c < channels; c++) bias.data[c] /= scale[c];
  for (let i = 0; i < data.length; i++) data[i] *= scale[inputOf(i)];
}

/** The channel of `first` that a weight of the layer after it multiplies, by the weight's position. */
function inputChannel({ kind, params }: WeightNode, channels: number): (position: number) => number {
  const { shape } = params.weight;
  if (kind === 'depthwiseConv2d') return (position) => Math.floor(position / shape[3]) % channels;
  // Flattened images have their channels fastest, so that inputs of a dense layer go through them in turn.
  return (position) => Math.floor(position / shape[shape.length - 1]) % channels;
}
