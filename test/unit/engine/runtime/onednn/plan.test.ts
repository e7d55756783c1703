import { describe, expect, it } from 'vitest';
import { Engine, Owned } from '../../../../../src/engine/runtime/onednn/engine';
import { openLibrary } from '../../../../../src/engine/runtime/onednn/library';
import { Plan } from '../../../../../src/engine/runtime/onednn/plan';
import { PlanBuilder } from '../../../../../src/engine/runtime/onednn/plan-builder';

const engine = tryOpen();

describe.runIf(engine)('a plan', () => {
  it('says how much memory it lacks, and what to do', () => {
    const huge = { bytes: 2 ** 46, pinned: true, first: 0, last: 0, offset: 0 };
    expect(() => new Plan(new Owned(engine!), [huge], [])).toThrow(
      /needs 70368745 MB of memory, more than there is: choose a smaller training.batchSize/,
    );
  });

  it('runs kernels of ours between primitives, on the same memory', () => {
    const plan = PlanBuilder.build(engine!, 'f32', (builder) => {
      const [x, y] = [builder.pinned([2, 3]), builder.pinned([2, 3])];
      builder.kernel([x], (view) => () => void view(x).fill(2));
      builder.reorder(builder.dense(x), builder.dense(y));
      builder.kernel([y], (view) => () => void view(y).forEach((value, i, all) => (all[i] = value + i)));
      return { ...builder.finish(), y };
    });
    plan.plan.run(0, 3, {});
    expect([...plan.plan.view(plan.y)]).toEqual([2, 3, 4, 5, 6, 7]);
    plan.plan.dispose();
  });
});

function tryOpen(): Engine | undefined {
  try {
    return new Engine(openLibrary(1));
  } catch {
    return undefined;
  }
}
