import type { Graph } from './graph';
import { hasWeight, isLayer, type LayerNode, type OpKind, type Shape, type Tensor, type WeightNode } from './node';
import { inferShapes, size } from './shape';

export interface Cost {
  /** Multiply-adds for one sample. */
  readonly macs: number;
  /** `2 * macs`. */
  readonly flops: number;
  /** Trainable parameters: batch norm statistics are not counted. */
  readonly params: number;
  /** Trainable parameters that are not zero. */
  readonly nonzero: number;
  /**
   * Size of all parameters, batch norm statistics included: as float32, or the bits of a quantized weight with what says
   * which values they stand for.
   */
  readonly bytes: number;
}

export interface LayerCost extends Cost {
  readonly name: string;
  readonly kind: OpKind;
  /** Shape of the layer's output. */
  readonly shape: Shape;
}

/**
 * Cost of each layer and of the model. As in the pruning literature (He et al. 2017; AMC, He et al. 2018) only
 * convolutions and dense layers count as computation: batch norm folds into them, the rest is a few percent.
 */
export function graphCost(graph: Graph): { layers: readonly LayerCost[]; total: Cost } {
  const shapes = inferShapes(graph);
  const layers = graph.nodes.filter(isLayer).map((node): LayerCost => {
    const shape = shapes.get(node.name) ?? [];
    const macs = hasWeight(node) ? multiplyAdds(node, shape) : 0;
    const trained = trainable(node);
    const count = (of: (data: Float32Array) => number) => trained.reduce((sum, data) => sum + of(data), 0);
    return {
      name: node.name,
      kind: node.kind,
      shape,
      macs,
      flops: 2 * macs,
      params: count((data) => data.length),
      nonzero: count(nonzero),
      bytes: storedBytes(node),
    };
  });
  const sum = (key: keyof Cost) => layers.reduce((total, layer) => total + layer[key], 0);
  return {
    layers,
    total: {
      macs: sum('macs'),
      flops: sum('flops'),
      params: sum('params'),
      nonzero: sum('nonzero'),
      bytes: sum('bytes'),
    },
  };
}

function storedBytes(node: LayerNode): number {
  const bits = hasWeight(node) ? (node.quantization?.bits ?? 32) : 32;
  return Object.entries(node.params as Readonly<Record<string, Tensor | undefined>>).reduce((sum, [param, tensor]) => {
    const values = tensor?.data.length ?? 0;
    return sum + (param === 'weight' ? Math.ceil((values * bits) / 8) : 4 * values);
  }, 0);
}

function multiplyAdds(node: WeightNode, shape: Shape): number {
  const weights = size(node.params.weight.shape);
  // Each weight is used once at each output position.
  return node.kind === 'dense' ? weights : weights * shape[0] * shape[1];
}

function trainable(node: LayerNode): readonly Float32Array[] {
  if (node.kind === 'batchNorm') return [node.params.gamma.data, node.params.beta.data];
  return [node.params.weight.data, ...(node.params.bias ? [node.params.bias.data] : [])];
}

/** Graphs share their tensors and never write into them, so that one count serves every candidate of a search. */
const counted = new WeakMap<Float32Array, number>();

function nonzero(data: Float32Array): number {
  const known = counted.get(data);
  if (known !== undefined) return known;
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) count++;
  counted.set(data, count);
  return count;
}
