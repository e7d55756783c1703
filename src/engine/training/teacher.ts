import { findNode, makeGraph, type Graph } from '../graph/graph';
import type { Executor, Program } from '../runtime/executor';

/**
 * The original model, ready to teach by distillation. Distillation is between logits, which it softens by the
 * temperature itself (Hinton et al. 2015), so a softmax at the model's end is left out.
 */
export function compileTeacher(executor: Executor, graph: Graph): Promise<Program> {
  const output = findNode(graph, graph.output);
  return executor.compile(output.kind === 'softmax' ? makeGraph(graph.name, graph.nodes, output.inputs[0]) : graph);
}
