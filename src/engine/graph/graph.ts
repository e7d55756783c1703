import { hasParams, type InputNode, type Node, type Shape, type Tensor } from './node';
import { inferShapes } from './shape';

/**
 * A model: nodes in topological order, one input, one output. Graphs are values: an edit makes a new graph and shares
 * the tensors that it did not touch, so nothing may write into a tensor of a graph.
 */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  /** Name of the node whose output is the model's. */
  readonly output: string;
}

/** What is wrong with a graph, and at which node. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  constructor(
    message: string,
    readonly node?: string,
  ) {
    super(node === undefined ? message : `node "${node}": ${message}`);
  }
}

/**
 * Checks names, order and shapes, and drops nodes that the output does not depend on.
 * @param heads Nodes to keep beside the output, with all that they depend on: for losses within the model.
 * @throws GraphError naming the node at fault.
 */
export function makeGraph(name: string, nodes: readonly Node[], output: string, heads: readonly string[] = []): Graph {
  const byName = new Map<string, Node>();
  for (const node of nodes) {
    if (byName.has(node.name)) throw new GraphError('name is used twice', node.name);
    for (const input of node.inputs) {
      if (!byName.has(input)) throw new GraphError(`reads "${input}", which does not come before it`, node.name);
    }
    byName.set(node.name, node);
  }
  if (!byName.has(output)) throw new GraphError(`output "${output}" is not a node`);
  const inputs = nodes.filter((node) => node.kind === 'input');
  if (inputs.length !== 1) throw new GraphError(`a model has one input, this one has ${inputs.length}`);

  const needed = new Set([output, ...heads, ...inputs.map((node) => node.name)]);
  for (const node of [...nodes].reverse()) {
    if (needed.has(node.name)) for (const input of node.inputs) needed.add(input);
  }
  const graph: Graph = { name, nodes: nodes.filter((node) => needed.has(node.name)), output };
  inferShapes(graph);
  return graph;
}

export function inputNode(graph: Graph): InputNode {
  const node = graph.nodes.find((candidate) => candidate.kind === 'input');
  if (!node) throw new GraphError('the graph has no input');
  return node;
}

/** Shape of one sample that the model takes, `[h, w, c]` or `[features]`. */
export function inputShape(graph: Graph): Shape {
  return inputNode(graph).shape;
}

export function findNode(graph: Graph, name: string): Node {
  const node = graph.nodes.find((candidate) => candidate.name === name);
  if (!node) throw new GraphError(`there is no node "${name}"`);
  return node;
}

/** For each node, the nodes that read it, in graph order. */
export function consumers(graph: Graph): ReadonlyMap<string, readonly Node[]> {
  const readers = new Map<string, Node[]>(graph.nodes.map((node) => [node.name, []]));
  for (const node of graph.nodes) for (const input of new Set(node.inputs)) readers.get(input)?.push(node);
  return readers;
}

/** Every parameter under the key `node/param`, e.g. `conv1/weight`, in graph order. */
export function parameters(graph: Graph): ReadonlyMap<string, Tensor> {
  const all = new Map<string, Tensor>();
  for (const node of graph.nodes) {
    if (!hasParams(node)) continue;
    for (const [param, tensor] of Object.entries(node.params as Readonly<Record<string, Tensor | undefined>>)) {
      if (tensor) all.set(`${node.name}/${param}`, tensor);
    }
  }
  return all;
}

/**
 * The same graph with other values for some parameters, keyed as in {@link parameters}.
 * @throws GraphError when a key is unknown or a shape differs.
 */
export function withParameters(graph: Graph, values: ReadonlyMap<string, Tensor>): Graph {
  const current = parameters(graph);
  for (const [key, tensor] of values) {
    const old = current.get(key);
    if (!old) throw new GraphError(`there is no parameter "${key}"`);
    if (old.shape.join() !== tensor.shape.join()) {
      throw new GraphError(`parameter "${key}" is [${old.shape.join(', ')}], not [${tensor.shape.join(', ')}]`);
    }
  }
  const nodes = graph.nodes.map((node) => {
    if (!hasParams(node)) return node;
    const params = Object.fromEntries(
      Object.entries(node.params).map(([param, tensor]) => [param, values.get(`${node.name}/${param}`) ?? tensor]),
    );
    return { ...node, params } as Node;
  });
  return { ...graph, nodes };
}
