import { consumers, type Graph } from '../../graph/graph';
import type { Node } from '../../graph/node';

/** Nodes that need no step of their own, for the one before them does their work in passing. */
export interface Fusions {
  /** By such a node, the node whose output is its output too. */
  readonly producers: ReadonlyMap<string, string>;
  /** Nodes that apply a relu to their result. */
  readonly relus: ReadonlySet<string>;
  /** By convolution, the node whose output it adds to its result. */
  readonly sums: ReadonlyMap<string, string>;
}

const applyRelu: ReadonlySet<Node['kind']> = new Set(['conv2d', 'depthwiseConv2d', 'dense', 'batchNorm', 'add']);

/**
 * A relu goes into the node before it, and in inference a sum into the convolution before it; that node feeds nothing else,
 * and is none of `taps`, whose own outputs are asked for. In training a batch norm stands between convolution and sum.
 */
export function planFusions(graph: Graph, taps: ReadonlySet<string>, training: boolean): Fusions {
  const readers = consumers(graph);
  const positions = new Map(graph.nodes.map((node, i) => [node.name, i]));
  const position = (name: string) => positions.get(name) as number;
  const producers = new Map<string, string>();
  const relus = new Set<string>();
  const sums = new Map<string, string>();
  const isOnlyFor = (name: string) => readers.get(name)?.length === 1 && !taps.has(name);
  for (const { kind, name, inputs } of graph.nodes) {
    if (kind === 'relu') {
      const before = graph.nodes[position(inputs[0])];
      if (!isOnlyFor(before.name) || !applyRelu.has(before.kind)) continue;
      const producer = producers.get(before.name) ?? before.name;
      producers.set(name, producer);
      relus.add(producer);
    } else if (kind === 'add' && !training) {
      for (const [own, other] of [inputs, [...inputs].reverse()]) {
        const convolves = graph.nodes[position(own)].kind === 'conv2d';
        // What is added has to be there first.
        if (!convolves || !isOnlyFor(own) || position(other) >= position(own)) continue;
        producers.set(name, own);
        sums.set(own, other);
        break;
      }
    }
  }
  return { producers, relus, sums };
}
