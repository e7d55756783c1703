import { consumers, makeGraph, type Graph } from '../graph';
import { hasWeight, type BatchNormNode, type Node, type WeightNode } from '../node';

/**
 * Folds every batch norm into the layer before it, where that layer feeds nothing else (Jacob et al. 2018, eq. 14):
 * `W' = W gamma / sqrt(variance + epsilon)`, `b' = beta + (b - mean) gamma / sqrt(variance + epsilon)`. Not into a quantized
 * weight, whose values would leave its grid or codebook.
 */
export function foldBatchNorms(graph: Graph): Graph {
  const readers = consumers(graph);
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const folded = new Map<string, Node>();
  const renamed = new Map<string, string>();
  for (const node of graph.nodes) {
    if (node.kind !== 'batchNorm') continue;
    const layer = byName.get(node.inputs[0]);
    if (!layer || !hasWeight(layer) || layer.quantization || layer.name === graph.output) continue;
    if (readers.get(layer.name)?.length !== 1) continue;
    folded.set(layer.name, fold(layer, node));
    renamed.set(node.name, layer.name);
  }
  const nodes = graph.nodes
    .filter((node) => !renamed.has(node.name))
    .map((node) => folded.get(node.name) ?? node)
    .map((node): Node => ({ ...node, inputs: node.inputs.map((input) => renamed.get(input) ?? input) }));
  return makeGraph(graph.name, nodes, renamed.get(graph.output) ?? graph.output);
}

function fold(layer: WeightNode, { epsilon, params }: BatchNormNode): WeightNode {
  const channels = params.gamma.data.length;
  const scale = params.gamma.data.map((gamma, c) => gamma / Math.sqrt(params.variance.data[c] + epsilon));
  const { weight, bias } = layer.params;
  return {
    ...layer,
    params: {
      // Output channels are the fastest dimension of every weight (depthwise: channel * multiplier + m).
      weight: { shape: weight.shape, data: weight.data.map((value, i) => value * scale[i % channels]) },
      bias: {
        shape: [channels],
        data: params.beta.data.map((beta, c) => beta + ((bias?.data[c] ?? 0) - params.mean.data[c]) * scale[c]),
      },
    },
  };
}
