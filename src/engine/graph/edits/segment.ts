import { consumers, findNode, makeGraph, type Graph } from '../graph';
import { inferShapes } from '../shape';

/**
 * The part of a model between `from`, whose output becomes its input, and `nodes`.
 * @throws GraphError when one of them depends on a node before `from` by another way.
 */
export function segment(graph: Graph, from: string, nodes: readonly string[]): Graph {
  const shape = inferShapes(graph).get(from) ?? [];
  const start = graph.nodes.findIndex((node) => node.name === from);
  const input = { kind: 'input', name: from, inputs: [], shape } as const;
  return makeGraph(graph.name, [input, ...graph.nodes.slice(start + 1)], nodes[nodes.length - 1] ?? from, nodes);
}

/** Nodes that everything which comes later depends on through them alone, in graph order; the input is the first. */
export function bottlenecks(graph: Graph): readonly string[] {
  const readers = consumers(graph);
  const place = new Map(graph.nodes.map((node, i) => [node.name, i]));
  const found: string[] = [];
  let lastRead = 0;
  graph.nodes.forEach((node, i) => {
    // Whatever was made before this node has been read up by now.
    if (lastRead <= i) found.push(node.name);
    for (const reader of readers.get(node.name) ?? []) lastRead = Math.max(lastRead, place.get(reader.name) ?? 0);
  });
  return found.filter((name) => findNode(graph, name).name !== graph.output);
}
