import { findNode, type Graph } from '../graph/graph';
import { inferShapes } from '../graph/shape';

/**
 * The graph that training runs: without a softmax at its end, for the loss takes logits, whose softmax it computes safely
 * itself.
 * @throws Error when the model's output is not one vector a sample.
 */
export function upToLogits(graph: Graph): Graph {
  const output = findNode(graph, graph.output);
  const logits =
    output.kind === 'softmax'
      ? { ...graph, output: output.inputs[0], nodes: graph.nodes.filter(({ name }) => name !== output.name) }
      : graph;
  const shape = inferShapes(logits).get(logits.output) ?? [];
  if (shape.length !== 1) {
    throw new Error(
      `training needs a classifier, with one output for each class; "${graph.output}" gives ` +
        `[${shape.join(', ')}]: end the model in a dense layer or a flatten`,
    );
  }
  return logits;
}
