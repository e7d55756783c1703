import { heNormal } from '../graph/builder';
import type { Graph } from '../graph/graph';
import { hasParams, type ParamNode, type Tensor, type WeightNode } from '../graph/node';
import { Random } from '../graph/random';

/**
 * The same architecture with new parameters, fixed by the seed: what `mode: retrain` starts from. As in a new graph,
 * weights are He normal over fan-in (He et al. 2015), biases 0, batch norms the identity.
 */
export function initialize(graph: Graph, seed: number): Graph {
  const random = new Random(seed);
  return { ...graph, nodes: graph.nodes.map((node) => (hasParams(node) ? initializeNode(node, random) : node)) };
}

function initializeNode(node: ParamNode, random: Random): ParamNode {
  if (node.kind === 'batchNorm') {
    const { gamma, beta, mean, variance } = node.params;
    return {
      ...node,
      params: { gamma: filled(gamma, 1), beta: filled(beta, 0), mean: filled(mean, 0), variance: filled(variance, 1) },
    };
  }
  // A range belongs to the values that it was measured on, and training that follows them moves it.
  if (node.kind === 'fakeQuant') return node;
  const { weight, bias } = node.params;
  const fresh = { weight: heNormal(weight.shape, fanIn(node), random), ...(bias && { bias: filled(bias, 0) }) };
  const params = { ...node.params, ...fresh };
  return { ...node, params };
}

/** Inputs that one output value is summed from. */
function fanIn({ kind, params: { weight } }: WeightNode): number {
  // The last dimension counts outputs; a depthwise filter reads one channel only.
  return weight.shape.slice(0, kind === 'depthwiseConv2d' ? 2 : -1).reduce((a, b) => a * b, 1);
}

function filled({ shape, data }: Tensor, value: number): Tensor {
  return { shape, data: new Float32Array(data.length).fill(value) };
}
