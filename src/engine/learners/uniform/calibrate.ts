import type { UniformOptions } from '../../../config/learners/uniform';
import type { Batch } from '../../data/batch';
import { gridOf, snap } from '../../graph/fake-quant';
import { makeGraph, withParameters, type Graph } from '../../graph/graph';
import type { FakeQuantNode, Node, Tensor } from '../../graph/node';
import type { Executor } from '../../runtime/executor';

/** Values of one node's output that are kept of each batch: a range is seen as well in a sample. */
const KEPT = 4096;

/** Sets the range of every fake-quant node by what passes there with floating-point activations. */
export async function activationRanges(
  graph: Graph,
  images: readonly Batch[],
  executor: Executor,
  how: UniformOptions['activationRange'],
  signal: AbortSignal,
): Promise<Graph> {
  const rounding = graph.nodes.filter((node): node is FakeQuantNode => node.kind === 'fakeQuant');
  if (rounding.length === 0) return graph;
  const sources = new Map(rounding.map((node) => [node.name, node.inputs[0]]));
  const program = await executor.compile(withoutRounding(graph, sources));
  const samples = new Map(rounding.map((node) => [node.name, [] as Float32Array[]]));
  try {
    for (const batch of images) {
      signal.throwIfAborted();
      const values = await program.activations(batch, [...new Set(sources.values())]);
      for (const [name, source] of sources) {
        const all = values.get(source) ?? new Float32Array();
        const [min, max] = extremes(all);
        // A stride that shares no factor with the layout would be best; a prime one is close to that.
        const stride = Math.max(1, Math.floor(all.length / KEPT)) | 1;
        const kept = Float32Array.from({ length: Math.floor(all.length / stride) }, (_, i) => all[i * stride]);
        samples.get(name)?.push(Float32Array.of(min, max), kept);
      }
    }
  } finally {
    program.dispose();
  }
  const ranges = new Map<string, Tensor>();
  for (const { name, bits } of rounding) {
    const [min, max] = rangeOf(joined(samples.get(name) ?? []), bits, how);
    ranges.set(`${name}/min`, { shape: [1], data: Float32Array.of(min) });
    ranges.set(`${name}/max`, { shape: [1], data: Float32Array.of(max) });
  }
  return withParameters(graph, ranges);
}

function withoutRounding(graph: Graph, sources: ReadonlyMap<string, string>): Graph {
  const nodes = graph.nodes
    .filter((node) => node.kind !== 'fakeQuant')
    .map((node): Node => ({ ...node, inputs: node.inputs.map((input) => sources.get(input) ?? input) }));
  return makeGraph(graph.name, nodes, sources.get(graph.output) ?? graph.output);
}

/** A range around 0 for sampled values. */
export function rangeOf(
  values: Float32Array,
  bits: number,
  how: UniformOptions['activationRange'],
): readonly [min: number, max: number] {
  const sorted = values.slice().sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const around = (low: number, high: number) => [Math.min(low, 0), Math.max(high, 0)] as const;
  const whole = around(at(0), at(1));
  if (how === 'max') return whole;
  if (how === 'percentile') return around(at(0.0001), at(0.9999));
  let [best, least] = [whole, Infinity];
  for (let share = 1; share >= 0.3; share -= 0.035) {
    const range = [share * whole[0], share * whole[1]] as const;
    const grid = gridOf(...range, bits);
    let error = 0;
    for (let i = 0; i < values.length; i += 4) error += (values[i] - snap(values[i], grid)) ** 2;
    if (error < least) [best, least] = [range, error];
  }
  return best;
}

function extremes(values: Float32Array): [min: number, max: number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
