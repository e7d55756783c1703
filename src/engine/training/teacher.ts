import type { Batch } from '../data/batch';
import { findNode, makeGraph, type Graph } from '../graph/graph';
import { inferShapes } from '../graph/shape';
import type { Executor, TeacherOutputs } from '../runtime/executor';
import type { NodeLoss } from '../runtime/node-loss';

/** A model that another one learns from. */
export interface Teacher {
  /** Losses at the student's nodes that the teacher has features for. */
  readonly losses: readonly NodeLoss[];
  /** What it makes of the very batch that the student sees, augmentation included (Beyer et al. 2022). */
  teach(batch: Batch): Promise<TeacherOutputs>;
  dispose(): void;
}

/**
 * A model ready to teach by distillation. Distillation is between logits, which it softens by the temperature itself
 * (Hinton et al. 2015), so a softmax at the model's end is left out.
 * @param features Weight of attention transfer between the feature maps, 0: none.
 */
export async function compileTeacher(
  executor: Executor,
  graph: Graph,
  student: Graph,
  features: number,
): Promise<Teacher> {
  const last = findNode(graph, graph.output);
  const output = last.kind === 'softmax' ? last.inputs[0] : graph.output;
  const pairs = features > 0 ? matchingFeatures(student, graph) : [];
  const program = await executor.compile(output === graph.output ? graph : makeGraph(graph.name, graph.nodes, output));
  return {
    losses: pairs.map(([node]) => ({ node, weight: features, kind: 'attention' })),
    teach: async (batch) => {
      const values = await program.activations(batch, [output, ...pairs.map(([, node]) => node)]);
      const known = (node: string): Float32Array => values.get(node) ?? new Float32Array();
      return { logits: known(output), features: new Map(pairs.map(([node, its]) => [node, known(its)])) };
    },
    dispose: () => program.dispose(),
  };
}

/**
 * Nodes of student and teacher whose feature maps are alike: the last one of each extent, where a group of blocks ends
 * (Zagoruyko & Komodakis 2017, section 3.1). Widths may differ.
 */
export function matchingFeatures(
  student: Graph,
  teacher: Graph,
): readonly (readonly [student: string, teacher: string])[] {
  const theirs = lastOfExtent(teacher);
  return [...lastOfExtent(student)].flatMap(([extent, node]) => {
    const its = theirs.get(extent);
    return its === undefined ? [] : [[node, its] as const];
  });
}

function lastOfExtent(graph: Graph): ReadonlyMap<string, string> {
  const last = new Map<string, string>();
  for (const [name, shape] of inferShapes(graph)) {
    const [height, width] = shape;
    // One cell says nothing of where the features lie.
    if (shape.length === 3 && height * width > 1 && findNode(graph, name).kind !== 'input') {
      last.set(`${height} x ${width}`, name);
    }
  }
  return last;
}
