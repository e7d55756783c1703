import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { makeGraph, parameters, type Graph } from './graph/graph';
import { hasParams, type Node } from './graph/node';
import { readTensorFile, writeTensorFile } from './training/tensor-file';

/**
 * The models that a run has got to so far, each in one file of the run's folder, exact to the bit. A resumed run takes
 * what is there and makes only what is missing.
 */
export class Stash {
  constructor(private readonly directory: string) {}

  /** The graph kept under `name`, or what `make` gives, kept from then on. */
  async keep(name: string, make: () => Promise<Graph>): Promise<Graph> {
    const path = join(this.directory, `${name}.safetensors`);
    if (await exists(path)) return readGraph(path);
    const graph = await make();
    await writeGraph(path, graph);
    return graph;
  }

  async has(name: string): Promise<boolean> {
    return exists(join(this.directory, `${name}.safetensors`));
  }
}

interface Structure {
  readonly name: string;
  readonly output: string;
  readonly nodes: readonly Node[];
}

async function writeGraph(path: string, graph: Graph): Promise<void> {
  const nodes = graph.nodes.map((node) => (hasParams(node) ? { ...node, params: Object.keys(node.params) } : node));
  await writeTensorFile(path, parameters(graph), { name: graph.name, output: graph.output, nodes });
}

async function readGraph(path: string): Promise<Graph> {
  const { tensors, json } = await readTensorFile(path);
  // The file carries a checksum and is written by writeGraph alone, so its structure is known.
  const { name, output, nodes } = json as Structure;
  const whole = nodes.map((node) => {
    if (!hasParams(node)) return node;
    const params = Object.fromEntries(
      [...tensors].flatMap(([key, tensor]) => {
        const split = key.lastIndexOf('/');
        return key.slice(0, split) === node.name ? [[key.slice(split + 1), tensor]] : [];
      }),
    );
    return { ...node, params } as Node;
  });
  return makeGraph(name, whole, output);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
