import { expect, it } from 'vitest';
import { makeGraph, type Graph } from '../../../../src/engine/graph/graph';
import { compileTeacher } from '../../../../src/engine/training/teacher';
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
  await compileTeacher(executor, logits);
  await compileTeacher(executor, makeGraph('with softmax', nodes, 'probabilities'));
  for (const { output, nodes: kept } of compiled) {
    expect(output).toBe('fc');
    expect(kept.map(({ kind }) => kind)).not.toContain('softmax');
  }
});
