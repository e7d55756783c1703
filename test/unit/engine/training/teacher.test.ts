import { expect, it } from 'vitest';
import { makeGraph, type Graph } from '../../../../src/engine/graph/graph';
import { compileTeacher, matchingFeatures } from '../../../../src/engine/training/teacher';
import { buildZooModel } from '../../../../src/engine/zoo/zoo';
import { inferShapes } from '../../../../src/engine/graph/shape';
import { linearExecutor, linearGraph } from '../../../support/linear-executor';

it('a teacher gives logits, whether or not its model ends in a softmax', async () => {
  const compiled: Graph[] = [];
  const executor = {
    ...linearExecutor,
    compile: (graph: Graph) => {
      compiled.push(graph);
      return linearExecutor.compile(graph);
    },
  };
  const logits = linearGraph([2, 2, 1], 3);
  const nodes = [...logits.nodes, { kind: 'softmax', name: 'probabilities', inputs: ['fc'] } as const];
  await compileTeacher(executor, logits, logits, 0);
  await compileTeacher(executor, makeGraph('with softmax', nodes, 'probabilities'), logits, 0);
  for (const { output, nodes: kept } of compiled) {
    expect(output).toBe('fc');
    expect(kept.map(({ kind }) => kind)).not.toContain('softmax');
  }
});

it('features are matched where groups of blocks end, whatever the depth and width', () => {
  const zoo = (name: 'resnet20' | 'resnet32') => buildZooModel(name, { inputShape: [32, 32, 3], classes: 10, seed: 0 });
  const [student, teacher] = [zoo('resnet20'), zoo('resnet32')];
  const pairs = matchingFeatures(student, teacher);
  expect(pairs).toHaveLength(3);
  const place = (graph: Graph, name: string) => graph.nodes.findIndex((node) => node.name === name);
  for (const [own, theirs] of pairs) {
    const [shapes, others] = [inferShapes(student), inferShapes(teacher)];
    expect(shapes.get(own)).toEqual(others.get(theirs));
    // Nothing after it has the same extent.
    const later = student.nodes.slice(place(student, own) + 1).map(({ name }) => shapes.get(name)?.slice(0, 2).join());
    expect(later).not.toContain(shapes.get(own)?.slice(0, 2).join());
  }
});
