import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../../src/engine/data/batch';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { parameters, type Graph } from '../../../../src/engine/graph/graph';
import type { Tensor } from '../../../../src/engine/graph/node';
import type { TeacherOutputs, TrainingOptions, TrainingProgram } from '../../../../src/engine/runtime/executor';
import { availableExecutors } from '../../../support/executors';
import { opCases, type OpCase } from '../../../support/op-cases';
import { randomBatch, randomized } from '../../../support/randomized';

const executors = await availableExecutors();
const options: TrainingOptions = {
  optimizer: { kind: 'sgd', momentum: 0, nesterov: false },
  labelSmoothing: 0,
  weightDecay: 0,
  seed: 3,
};

describe.each(executors)('gradients on $name', (executor) => {
  // Rounding is a step function: its gradient is a definition, see fake-quant.test.ts.
  it.each(opCases.filter(({ kind }) => kind !== 'fakeQuant'))(
    '$name agrees with finite differences',
    async (opCase) => {
      const graph = classifierAround(opCase);
      const batch = randomBatch(graph, 3, 3, 11);
      const program = await executor.compileTraining(graph, options);

      await expectFiniteDifferences(program, graph, batch);

      program.dispose();
    },
  );

  it('with label smoothing and distillation agrees with finite differences', async () => {
    const graph = classifierAround(opCases[0]);
    const batch = randomBatch(graph, 3, 3, 11);
    const distillation = { weight: 0.7, temperature: 3 };
    const program = await executor.compileTraining(graph, { ...options, labelSmoothing: 0.2, distillation });
    const teacher = Float32Array.from([3, -1, 0, 0.5, 2, -2, 1, 1, 4]);

    await expectFiniteDifferences(program, graph, batch, { logits: teacher });

    program.dispose();
  });

  it.each([
    ["features like the teacher's", 'features', 2],
    ['attention like that of a wider teacher', 'attention', 5],
  ] as const)('with %s agrees with finite differences', async (_, kind, channels) => {
    const b = new GraphBuilder('net', 1);
    const first = b.conv2d(b.input([6, 6, 2]), { name: 'first', filters: 2, kernel: 3 });
    const within = b.relu(b.conv2d(first, { name: 'second', filters: 2, kernel: 3 }));
    const graph = randomized(b.build(b.dense(b.flatten(within), { name: 'fc', units: 3 })), 5);
    // Two losses at one node, whose gradients add up, and one at another.
    const losses = [
      { kind, node: within, weight: 3 },
      { kind: 'features', node: 'first', weight: 2 },
      { kind: 'features', node: 'first', weight: 0.5 },
    ] as const;
    const program = await executor.compileTraining(graph, { ...options, losses });
    const cells = Array.from({ length: 3 * b.shapeOf(within)[0] * b.shapeOf(within)[1] }, (_v, i) => i);
    const features = new Map([
      [
        within,
        Float32Array.from(cells.flatMap((cell) => Array.from({ length: channels }, (_v, c) => Math.sin(cell + c)))),
      ],
      ['first', Float32Array.from({ length: 3 * b.shapeOf('first').reduce((x, y) => x * y) }, (_v, i) => Math.cos(i))],
    ]);

    await expectFiniteDifferences(program, graph, randomBatch(graph, 3, 3, 11), { features });

    program.dispose();
  });

  it('with a head that the output does not depend on agrees with finite differences', async () => {
    const b = new GraphBuilder('net', 1);
    const features = b.conv2d(b.input([4, 4, 2]), { name: 'conv', filters: 3, kernel: 3 });
    const head = b.dense(b.flatten(b.relu(features)), { name: 'head', units: 3 });
    const out = b.dense(b.flatten(features), { name: 'fc', units: 3 });
    const graph = randomized(b.build(out, [head]), 5);
    const losses = [{ kind: 'labels', node: 'head', weight: 0.7 }] as const;
    const program = await executor.compileTraining(graph, { ...options, losses });

    await expectFiniteDifferences(program, graph, randomBatch(graph, 3, 3, 11));

    program.dispose();
  });

  it('leaves frozen parameters and batch norm statistics out', async () => {
    const b = new GraphBuilder('net', 1);
    const bn = b.batchNorm(b.conv2d(b.input([4, 4, 2]), { name: 'conv', filters: 3, kernel: 3 }), { name: 'bn' });
    const graph = b.build(b.dense(b.flatten(bn), { name: 'fc', units: 2 }));
    const frozen = new Set(['conv/weight', 'fc/bias']);
    const program = await executor.compileTraining(graph, { ...options, frozen });

    const { gradients } = await program.gradients(randomBatch(graph, 2, 2, 1));

    expect([...gradients.keys()].sort()).toEqual(['bn/beta', 'bn/gamma', 'conv/bias', 'fc/weight']);
    program.dispose();
  });
});

/** A layer before the op, so that its gradient by its input shows too, and a classifier after it. */
function classifierAround({ build, input = [6, 5, 4] }: OpCase): Graph {
  const b = new GraphBuilder('op', 4);
  const image = input.length === 3;
  const start = b.input(image ? [input[0], input[1], 3] : input);
  const before = image
    ? b.conv2d(start, { name: 'before', filters: input[2], kernel: 1 })
    : b.dense(start, { name: 'before', units: input[0] });
  const op = build(b, before);
  const features = b.shapeOf(op).length === 1 ? op : b.flatten(op);
  return randomized(b.build(b.dense(features, { name: 'after', units: 3 })), 5);
}

/** Central differences on some entries of every trainable parameter. */
async function expectFiniteDifferences(
  program: TrainingProgram,
  graph: Graph,
  batch: Batch,
  teacher?: TeacherOutputs,
): Promise<void> {
  const { gradients } = await program.gradients(batch, teacher);
  const step = 4e-3;
  for (const [key, tensor] of parameters(graph)) {
    if (/\/(mean|variance)$/.test(key)) continue;
    const gradient = gradients.get(key);
    expect(gradient?.shape, key).toEqual(tensor.shape);
    const stride = Math.max(1, Math.floor(tensor.data.length / 3));
    for (let i = 0; i < tensor.data.length; i += stride) {
      const loss = async (change: number): Promise<number> => {
        program.setParameters(new Map([[key, moved(tensor, i, change)]]));
        return (await program.gradients(batch, teacher)).loss;
      };
      const difference = ((await loss(step)) - (await loss(-step))) / (2 * step);
      const own = gradient?.data[i] ?? NaN;
      const allowed = 5e-4 + 0.02 * Math.abs(difference);
      expect(Math.abs(own - difference), `${key}[${i}]: ${own} against ${difference}`).toBeLessThan(allowed);
    }
    program.setParameters(new Map([[key, tensor]]));
  }
}

function moved({ shape, data }: Tensor, index: number, change: number): Tensor {
  const copy = data.slice();
  copy[index] += change;
  return { shape, data: copy };
}
