import type { LayerFact } from '../runs/events';
import { graphCost } from './graph/cost';
import { findNode, type Graph } from './graph/graph';
import { hasWeight, type WeightNode } from './graph/node';
import { sparsityOf } from './learners/weight-sparse/mask';

/** What a compression did to each layer with weights, for the journal: `[before, after]` pairs. */
export function layerFacts(before: Graph, after: Graph, errors: ReadonlyMap<string, number>): LayerFact[] {
  const old = new Map(graphCost(before).layers.map((layer) => [layer.name, layer]));
  return graphCost(after).layers.flatMap((layer) => {
    const node = findNode(after, layer.name);
    const was = old.get(layer.name);
    if (!was || !hasWeight(node)) return [];
    const error = errors.get(layer.name);
    return [
      {
        name: layer.name,
        kind: layer.kind,
        channels: [was.shape[was.shape.length - 1], layer.shape[layer.shape.length - 1]],
        flops: [was.flops, layer.flops],
        params: [was.params, layer.params],
        sparsity: sparsityOf(node.params.weight),
        ...(node.quantization && { bits: bitsOf(after, node) }),
        ...(error !== undefined && { error }),
      },
    ];
  });
}

/** Bits of a quantized layer's weights, and of its output where a fake-quant node follows it, or its activation function. */
function bitsOf(graph: Graph, { name, quantization }: WeightNode): LayerFact['bits'] {
  const next = (node: string) => graph.nodes.find((reader) => reader.inputs.includes(node));
  const reader = next(name);
  const rounding = reader && reader.kind !== 'fakeQuant' ? next(reader.name) : reader;
  return {
    weights: quantization?.bits ?? 32,
    ...(rounding?.kind === 'fakeQuant' && { activations: rounding.bits }),
  };
}
