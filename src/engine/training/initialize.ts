import type { Graph } from '../graph/graph';
import { hasParams, type Node, type ParamNode, type Tensor } from '../graph/node';
import { Random } from '../graph/random';

/**
 * The same architecture with new parameters, as `mode: retrain` starts from: convolutions from He et al. 2015 (normal,
 * variance 2 / fan-in), dense layers from Glorot & Bengio 2010 (uniform), biases 0, batch norms the identity.
 */
export function initialize(graph: Graph, seed: number): Graph {
  const random = new Random(seed);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => (hasParams(node) ? initializeNode(node, random) : node)),
  };
}

function initializeNode(node: ParamNode, random: Random): Node {
  switch (node.kind) {
    case 'conv2d':
    case 'depthwiseConv2d': {
      const [height, width, inputs] = node.params.weight.shape;
      // A depthwise filter reads one channel.
      const fanIn = height * width * (node.kind === 'conv2d' ? inputs : 1);
      const deviation = Math.sqrt(2 / fanIn);
      return { ...node, params: withWeight(node.params, () => deviation * random.normal()) };
    }
    case 'dense': {
      const [inputs, outputs] = node.params.weight.shape;
      const limit = Math.sqrt(6 / (inputs + outputs));
      return { ...node, params: withWeight(node.params, () => limit * (2 * random.uniform() - 1)) };
    }
    case 'batchNorm': {
      const { gamma, beta, mean, variance } = node.params;
      const params = {
        gamma: filled(gamma, () => 1),
        beta: filled(beta, () => 0),
        mean: filled(mean, () => 0),
        variance: filled(variance, () => 1),
      };
      return { ...node, params };
    }
  }
}

function withWeight({ weight, bias }: { weight: Tensor; bias?: Tensor }, draw: () => number) {
  return { weight: filled(weight, draw), ...(bias && { bias: filled(bias, () => 0) }) };
}

function filled({ shape, data }: Tensor, value: () => number): Tensor {
  return { shape, data: Float32Array.from(data, value) };
}
