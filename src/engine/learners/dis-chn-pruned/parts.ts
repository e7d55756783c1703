import { bottlenecks } from '../../graph/edits/segment';
import { makeGraph, type Graph } from '../../graph/graph';
import { GraphBuilder } from '../../graph/builder';
import type { ChannelGroup } from '../../graph/groups';
import type { Node } from '../../graph/node';
import { inferShapes } from '../../graph/shape';

/** Consecutive runs of the groups, as even in number as can be; never an empty one. */
export function splitIntoParts(groups: readonly ChannelGroup[], parts: number): readonly (readonly ChannelGroup[])[] {
  const count = Math.min(parts, groups.length);
  const bound = (part: number) => Math.round((part * groups.length) / count);
  return Array.from({ length: count }, (_, part) => groups.slice(bound(part), bound(part + 1)));
}

const goesOn: ReadonlySet<Node['kind']> = new Set(['batchNorm', 'relu', 'relu6', 'leakyRelu', 'sigmoid', 'tanh']);

/**
 * Where features of all that the layers compute can be taken: the first node behind them that the rest of the model sees them
 * through alone, with its normalisation and activation. Absent when only the output is.
 */
export function endOf(graph: Graph, layers: readonly string[]): string | undefined {
  const place = new Map(graph.nodes.map(({ name }, i) => [name, i]));
  const last = Math.max(...layers.map((name) => place.get(name) ?? 0));
  const [first, ...rest] = bottlenecks(graph).filter((name) => (place.get(name) ?? 0) >= last);
  let end = first;
  for (const name of rest) {
    const node = graph.nodes[place.get(name) ?? 0];
    if (!goesOn.has(node.kind) || node.inputs[0] !== end) break;
    end = name;
  }
  return end;
}

/** A classifier beside the model: global average pooling and a dense layer of random weights (Zhuang et al. 2018, section 3.2). */
export interface Classifier {
  /** The model with the classifier; its output is still its own. */
  readonly graph: Graph;
  /** Name of the classifier's output. */
  readonly head: string;
}

export function addClassifier(graph: Graph, at: string, classes: number, seed: number): Classifier {
  const shape = inferShapes(graph).get(at) ?? [];
  const builder = new GraphBuilder(graph.name, seed);
  const start = builder.input(shape, at);
  const free = (name: string): string => (graph.nodes.some((node) => node.name === name) ? free(`${name}'`) : name);
  const pooled = shape.length === 3 ? builder.globalAvgPool(start, false, free('discrimination/pool')) : start;
  const flat = shape.length === 3 || shape.length === 1 ? pooled : builder.flatten(pooled);
  const head = builder.dense(flat, { name: free('discrimination'), units: classes });
  const added = builder.build(head).nodes.slice(1);
  return { graph: makeGraph(graph.name, [...graph.nodes, ...added], graph.output, [head]), head };
}
