import type { UniformOptions } from '../../../config/learners/uniform';
import { bucketCount, bucketOf } from '../../graph/buckets';
import { snapToChannelGrid, symmetricGrid } from '../../graph/fake-quant';
import { consumers, makeGraph, type Graph } from '../../graph/graph';
import { hasWeight, type FakeQuantNode, type Node, type UniformQuantization, type WeightNode } from '../../graph/node';
import { largestMagnitudes, withQuantizedWeight } from '../../graph/weight-quantization';
import type { BitsDecision } from '../decide-bits';

/**
 * The model with weights rounded to their bits, and a fake-quant node behind everything that integer
 * arithmetic would have to round. Their ranges stand for nothing until they are calibrated.
 */
export function quantizeGraph(graph: Graph, bits: BitsDecision, options: UniformOptions): Graph {
  const nodes = graph.nodes.map((node) => {
    const own = hasWeight(node) ? bits.get(node.name) : undefined;
    return own !== undefined && hasWeight(node) ? quantizeWeight(node, own, options) : node;
  });
  const quantized = makeGraph(graph.name, nodes, graph.output);
  return options.activationBits === 32 ? quantized : withActivationRounding(quantized, options);
}

function quantizeWeight(
  node: WeightNode,
  bits: number,
  { buckets, weightRange, learnRanges }: UniformOptions,
): WeightNode {
  const quantization: UniformQuantization = {
    kind: 'uniform',
    bits,
    buckets,
    range: learnRanges ? 'learned' : weightRange === 'max' ? 'observed' : 'fixed',
  };
  const bucket = bucketOf(node, quantization.buckets);
  const { data } = node.params.weight;
  const largest = largestMagnitudes(data, bucketCount(node, quantization.buckets), bucket);
  const range = weightRange === 'max' ? largest : leastSquares(data, largest, bits, bucket);
  const params = { ...node.params, range: { shape: [range.length], data: range } };
  return withQuantizedWeight({ ...node, quantization, params });
}

/** Of shares of the largest magnitude, for each bucket the one that leaves the least squared rounding error. */
function leastSquares(
  data: Float32Array,
  largest: Float32Array,
  bits: number,
  bucket: (position: number) => number,
): Float32Array {
  const best = largest.slice();
  const least = new Float64Array(largest.length).fill(Infinity);
  for (let share = 1; share >= 0.35; share -= 0.025) {
    const grids = Array.from(largest, (magnitude) => symmetricGrid(share * magnitude, bits));
    const errors = new Float64Array(largest.length);
    for (let i = 0; i < data.length; i++)
      errors[bucket(i)] += (data[i] - snapToChannelGrid(data[i], grids[bucket(i)])) ** 2;
    errors.forEach((error, b) => {
      if (error >= least[b]) return;
      least[b] = error;
      best[b] = share * largest[b];
    });
  }
  return best;
}

/** What only moves values about, or takes the largest of them: rounded inputs give rounded outputs. */
const movers: ReadonlySet<Node['kind']> = new Set([
  'maxPool',
  'pad',
  'slice',
  'flatten',
  'reshape',
  'dropout',
  'fakeQuant',
]);
const fused: ReadonlySet<Node['kind']> = new Set(['relu', 'relu6']);

function withActivationRounding(graph: Graph, { activationBits, learnRanges }: UniformOptions): Graph {
  const readers = consumers(graph);
  const rounded = new Map<string, string>();
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    nodes.push({ ...node, inputs: node.inputs.map((input) => rounded.get(input) ?? input) });
    const own = readers.get(node.name) ?? [];
    // An activation function is computed in one go with the layer before it.
    const goesOn = own.length === 1 && fused.has(own[0].kind) && node.kind !== 'input';
    if (movers.has(node.kind) || goesOn || node.name === graph.output) continue;
    const name = `${node.name}/rounded`;
    const bound = (value: number) => ({ shape: [1], data: Float32Array.of(value) });
    const params = { min: bound(-1), max: bound(1) };
    const fakeQuant: FakeQuantNode = {
      kind: 'fakeQuant',
      name,
      inputs: [node.name],
      bits: activationBits,
      range: learnRanges ? 'learned' : 'observed',
      params,
    };
    nodes.push(fakeQuant);
    rounded.set(node.name, name);
  }
  return makeGraph(graph.name, nodes, graph.output);
}
