import { GraphError, makeGraph, type Graph } from '../graph';
import type { ChannelGroup } from '../groups';
import { dispatch, hasWeight, type Node, type OpTable } from '../node';
import { keptChannels, type KeptUnits } from './kept-channels';
import { take } from './take';

/**
 * The model without the units that `kept` leaves out: they are gone from every weight, batch norm, padding and slice
 * that they ran through, so the model is really smaller. It computes what {@link maskChannels} does.
 * @throws GraphError when a group is unknown or nothing of a node would be left.
 */
export function removeChannels(graph: Graph, groups: readonly ChannelGroup[], kept: KeptUnits): Graph {
  const quantized = graph.nodes.find((node) => hasWeight(node) && node.quantization !== undefined);
  if (quantized) throw new GraphError('its weight is quantized, and channels are removed before that', quantized.name);
  const channels = keptChannels(graph, groups, kept);
  const of = (name: string) => channels.get(name) ?? [];
  const nodes = graph.nodes.map((node) => dispatch(table, node, { input: of(node.inputs[0]), output: of(node.name) }));
  return makeGraph(graph.name, nodes, graph.output);
}

interface Kept {
  /** Channels of the first input that stay. */
  readonly input: readonly number[];
  /** Channels of the output that stay. */
  readonly output: readonly number[];
}

const unchanged = (node: Node): Node => node;

/** A half-open range of the last dimension, in channels that stay. */
function shrink(channels: readonly number[], end: number): number {
  return channels.filter((channel) => channel < end).length;
}

const table: OpTable<[kept: Kept], Node> = {
  input: unchanged,
  conv2d: (node, { input, output }) => {
    const { weight, bias } = node.params;
    const perGroup = input.filter((channel) => channel < weight.shape[2]);
    return {
      ...node,
      params: {
        weight: take(take(weight, 2, perGroup), 3, output),
        ...(bias && { bias: take(bias, 0, output) }),
      },
    };
  },
  depthwiseConv2d: (node, { input, output }) => {
    const { weight, bias } = node.params;
    return { ...node, params: { weight: take(weight, 2, input), ...(bias && { bias: take(bias, 0, output) }) } };
  },
  dense: (node, { input, output }) => {
    const { weight, bias } = node.params;
    return {
      ...node,
      params: { weight: take(take(weight, 0, input), 1, output), ...(bias && { bias: take(bias, 0, output) }) },
    };
  },
  batchNorm: (node, { output }) => {
    const { gamma, beta, mean, variance } = node.params;
    return {
      ...node,
      params: {
        gamma: take(gamma, 0, output),
        beta: take(beta, 0, output),
        mean: take(mean, 0, output),
        variance: take(variance, 0, output),
      },
    };
  },
  relu: unchanged,
  relu6: unchanged,
  leakyRelu: unchanged,
  sigmoid: unchanged,
  tanh: unchanged,
  softmax: unchanged,
  add: unchanged,
  mul: unchanged,
  concat: unchanged,
  maxPool: unchanged,
  avgPool: unchanged,
  globalAvgPool: unchanged,
  pad: (node, { input, output }) => {
    const last = node.pads.length - 1;
    const before = shrink(output, node.pads[last][0]);
    const pads = node.pads.with(last, [before, output.length - before - input.length]);
    return { ...node, pads };
  },
  slice: (node, { input }) => {
    const last = node.begin.length - 1;
    const begin = node.begin.with(last, shrink(input, node.begin[last]));
    return { ...node, begin, end: node.end.with(last, shrink(input, node.end[last])) };
  },
  flatten: unchanged,
  reshape: (node, { output }) => ({ ...node, shape: node.shape.with(node.shape.length - 1, output.length) }),
  dropout: unchanged,
  fakeQuant: unchanged,
};
