import { describe, expect, it } from 'vitest';
import { magnitudeMask, sparsityOf } from '../../../../src/engine/learners/weight-sparse/mask';
import { isUpdateStep, scheduledSparsity } from '../../../../src/engine/learners/weight-sparse/schedule';
import { seededNormal } from '../../../support/seeded';

const options = { begin: 0.1, end: 0.6, exponent: 3, frequency: 100 };

describe('scheduledSparsity', () => {
  it.each([
    [0, 0],
    [99, 0],
    // s_f (1 - (1 - (t - t_0) / (t_1 - t_0))^3) with s_f = 0.8, t_0 = 100, t_1 = 600
    [100, 0],
    [225, 0.8 * (1 - 0.75 ** 3)],
    [350, 0.8 * (1 - 0.5 ** 3)],
    [600, 0.8],
    [999, 0.8],
  ])('at step %i is %f', (step, expected) => {
    expect(scheduledSparsity(step, 0, 0.8, options, 1000)).toBeCloseTo(expected, 12);
  });

  it('starts from the sparsity that is there', () => {
    expect(scheduledSparsity(0, 0.3, 0.8, options, 1000)).toBe(0.3);
    expect(scheduledSparsity(350, 0.3, 0.8, options, 1000)).toBeCloseTo(0.8 - 0.5 * 0.125, 12);
  });

  it('updates every `frequency` steps and at the last step of the schedule', () => {
    const at = (frequency: number, total: number) =>
      Array.from({ length: total }, (_, step) => step).filter((step) =>
        isUpdateStep(step, { ...options, frequency }, total),
      );
    expect(at(200, 1000)).toEqual([100, 300, 500, 600]);
    // Training so short that the frequency never comes round still reaches the final sparsity.
    expect(at(100, 10)).toEqual([1, 6]);
    expect(at(100, 1)).toEqual([0]);
  });
});

describe('magnitudeMask', () => {
  const normal = seededNormal(1);
  const weight = { shape: [10, 10], data: Float32Array.from({ length: 100 }, normal) };

  it.each([0, 0.01, 0.5, 0.753, 0.99])('zeroes the smallest weights, sparsity %f', (sparsity) => {
    const mask = magnitudeMask(weight, sparsity);
    const kept = weight.data.filter((_, i) => mask.data[i] === 1).map(Math.abs);
    const pruned = weight.data.filter((_, i) => mask.data[i] === 0).map(Math.abs);
    expect(pruned).toHaveLength(Math.round(sparsity * 100));
    expect(Math.max(0, ...pruned)).toBeLessThanOrEqual(Math.min(...kept));
  });

  it('prunes exactly as many as asked among equals', () => {
    const equal = { shape: [8], data: new Float32Array(8).fill(-2) };
    expect([...magnitudeMask(equal, 0.5).data]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('keeps earlier zeros as it grows', () => {
    const half = magnitudeMask(weight, 0.5);
    const masked = { shape: weight.shape, data: weight.data.map((value, i) => value * half.data[i]) };
    expect(sparsityOf(masked)).toBe(0.5);
    const more = magnitudeMask(masked, 0.7);
    half.data.forEach((value, i) => {
      if (value === 0) expect(more.data[i]).toBe(0);
    });
  });
});
