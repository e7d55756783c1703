import { describe, expect, it } from 'vitest';
import type { LearningRateSchedule } from '../../../../src/config/plan';
import { learningRate, stepsOf } from '../../../../src/engine/training/schedule';

function rates(schedule: LearningRateSchedule, totalSteps: number, warmupSteps = 0): number[] {
  return Array.from({ length: totalSteps }, (_, step) =>
    learningRate(step, { totalSteps, warmupSteps, peak: 0.1, schedule }),
  );
}

describe('learningRate', () => {
  it('cosine begins at the peak, is half of it half-way and nearly 0 at the end', () => {
    const all = rates({ kind: 'cosine' }, 1000);
    expect(all[0]).toBe(0.1);
    expect(all[500]).toBeCloseTo(0.05, 12);
    expect(all[999]).toBeGreaterThan(0);
    expect(all[999]).toBeLessThan(1e-6);
  });

  it('step drops by its factor at each milestone, not before', () => {
    const all = rates({ kind: 'step', milestones: [0.5, 0.75], decay: 0.1 }, 8);
    const expected = [0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001, 0.001];
    all.forEach((rate, step) => expect(rate).toBeCloseTo(expected[step], 12));
  });

  it('warm-up rises in equal steps from above 0, and the schedule runs over what is left', () => {
    const all = rates({ kind: 'cosine' }, 14, 4);
    for (let step = 0; step < 5; step++) expect(all[step]).toBeCloseTo(0.02 * (step + 1), 12);
    expect(all[4 + 5]).toBeCloseTo(0.05, 12);
    expect(rates({ kind: 'constant' }, 3, 1)).toEqual([0.05, 0.1, 0.1]);
  });
});

describe('stepsOf', () => {
  it('takes fractions of an epoch; none is none, and a little is at least one step', () => {
    expect([0, 0.001, 1, 2.5].map((epochs) => stepsOf(epochs, 10))).toEqual([0, 1, 10, 25]);
  });
});
