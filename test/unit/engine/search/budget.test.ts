import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/engine/graph/random';
import { fitToBudget, type Budget } from '../../../../src/engine/search/budget';
import { Space, type Decision } from '../../../../src/engine/search/space';

/** Layers in a row, where each costs its own width times that of the one before, as convolutions do. */
function chain(widths: readonly number[], step: number | undefined, limit: number): { space: Space; budget: Budget } {
  const space = new Space(
    widths.map((_, i) => ({ name: `${i}`, kind: 'float', low: 0.125, high: 1, ...(step && { step }) })),
  );
  const cost = (decision: Decision): number =>
    decision.reduce<number>(
      (sum, value, i) => sum + Number(value) * widths[i] * (i === 0 ? 3 : Number(decision[i - 1]) * widths[i - 1]),
      0,
    );
  return { space, budget: { limit: limit * cost(widths.map(() => 1)), cost, frugal: widths.map(() => 'low') } };
}

describe('fitToBudget', () => {
  it.each([
    ['continuous', undefined, 0.999],
    ['whole steps', 0.125, 0.93],
  ])('spends the budget and never more, %s', (_what, step, spent) => {
    const { space, budget } = chain([16, 16, 32, 32, 64, 64, 128, 128], step, 0.4);
    const random = new Random(2);
    for (let i = 0; i < 1000; i++) {
      const decision = fitToBudget(space, budget, space.decode(Array.from({ length: 8 }, () => random.uniform())));
      expect(budget.cost(decision)).toBeLessThanOrEqual(budget.limit);
      expect(budget.cost(decision)).toBeGreaterThan(spent * budget.limit);
    }
  });

  it('keeps what was wanted of one dimension against another', () => {
    const { space, budget } = chain([10, 10, 10], undefined, 0.3);
    const [a, b, c] = fitToBudget(space, budget, [1, 0.5, 0.5]) as number[];
    expect(a).toBeGreaterThan(b);
    expect(b).toBeCloseTo(c);
  });

  it('takes the high end for the cheap one where that is so', () => {
    const space = new Space([{ name: 'sparsity', kind: 'float', low: 0, high: 0.99 }]);
    const cost = ([sparsity]: Decision): number => 1 - Number(sparsity);
    expect(fitToBudget(space, { limit: 0.1, cost, frugal: ['high'] }, [0.3])[0]).toBeCloseTo(0.9);
    expect(fitToBudget(space, { limit: 0.1, cost, frugal: ['high'] }, [0.95])[0]).toBeCloseTo(0.9);
  });

  it('leaves dimensions alone that cost nothing', () => {
    const space = new Space([
      { name: 'keep', kind: 'float', low: 0.1, high: 1 },
      { name: 'exponent', kind: 'float', low: 1, high: 5 },
    ]);
    const budget: Budget = { limit: 0.5, cost: ([keep]) => Number(keep), frugal: ['low', undefined] };
    const [keep, exponent] = fitToBudget(space, budget, [0.9, 3]);
    expect(keep).toBeCloseTo(0.5);
    expect(exponent).toBe(3);
  });

  it('says so when nothing is cheap enough', () => {
    const { space, budget } = chain([10, 10], undefined, 0.001);
    expect(() => fitToBudget(space, budget, [1, 1])).toThrow(/even the cheapest/);
  });
});
