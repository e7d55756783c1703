import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/engine/graph/random';
import { fitToBudget, type Budget } from '../../../../src/engine/search/budget';
import { Episode } from '../../../../src/engine/search/ddpg/episode';
import { DdpgSampler } from '../../../../src/engine/search/ddpg-sampler';
import { RandomSampler } from '../../../../src/engine/search/random-sampler';
import type { Sampler } from '../../../../src/engine/search/sampler';
import { Space, type Decision } from '../../../../src/engine/search/space';
import { problems } from '../../../support/test-functions';

const prices = [1, 3, 2, 5, 4, 2, 6, 3];
const needs = [3, 1, 2, 0.5, 1, 2, 0.3, 1];

/** Layers of which each gains the more the more it keeps, some cheaply; half of what all cost may be spent. */
function layers(step?: number): { space: Space; budget: Budget } {
  const space = new Space(
    prices.map((price, i) => ({
      name: `${i}`,
      kind: 'float',
      low: 0.1,
      high: 1,
      ...(step && { step }),
      features: [price, needs[i]],
    })),
  );
  const cost = (decision: Decision): number => prices.reduce((sum, price, i) => sum + price * Number(decision[i]), 0);
  return { space, budget: { limit: cost(prices.map(() => 0.5)), cost, frugal: prices.map(() => 'low') } };
}
const worth = (decision: Decision): number =>
  -needs.reduce((sum, need, i) => sum + need * (1 - Number(decision[i])) ** 2, 0);

describe('an episode', () => {
  it.each([
    ['continuous', undefined, 0.999],
    ['whole steps', 0.1, 0.9],
  ])('keeps the budget and spends it, whatever the actions: %s', (_what, step, spent) => {
    const { space, budget } = layers(step);
    const episode = new Episode(space, budget);
    const random = new Random(3);
    for (let n = 0; n < 300; n++) {
      const units = episode.empty();
      for (let i = 0; i < space.size; i++) units[i] = episode.unit(i, units, n % 3 === 0 ? n % 2 : random.uniform());
      const cost = budget.cost(space.decode(units));
      expect(cost).toBeLessThanOrEqual(budget.limit);
      expect(cost).toBeGreaterThan(spent * budget.limit);
    }
  });

  it('tells what is saved and what can still be', () => {
    const { space, budget } = layers();
    const episode = new Episode(space, budget);
    const units = episode.empty();
    expect(episode.state(0, units)[1]).toBeCloseTo(0);
    expect(episode.state(0, units)[2]).toBeCloseTo(0.9);
    units[0] = 0;
    // Of 26 the first layer costs 1, and keeps a tenth of that.
    expect(episode.state(1, units)[1]).toBeCloseTo(0.9 / 26);
    expect(episode.state(1, units)[2]).toBeCloseTo((0.9 * 25) / 26);
  });
});

/** Mean worth of the last ten of 60 trials. */
function learnt(sampler: Sampler, space: Space, budget: Budget): number {
  let sum = 0;
  for (let trial = 0; trial < 60; trial++) {
    const decision = fitToBudget(space, budget, sampler.ask(trial));
    if (trial >= 50) sum += worth(decision) / 10;
    sampler.tell({ decision, reward: worth(decision) });
  }
  return sum;
}

describe('the ddpg sampler', () => {
  it.each(['action', 'parameter'] as const)(
    'learns which layers are worth their cost, by noise on each %s',
    (noise) => {
      const { space, budget } = layers();
      const chance = learnt(new RandomSampler(space, 1), space, budget);
      const sampler = new DdpgSampler(space, 1, budget, { noise, hidden: [24, 24] });
      // All alike come to -2.7.
      expect(learnt(sampler, space, budget)).toBeGreaterThan(Math.max(chance, -2.7) + 0.3);
    },
  );

  it('goes on from its state, with trials that failed and dimensions that are left out', () => {
    const space = new Space(problems.conditional.dimensions);
    const make = () => new DdpgSampler(space, 2, undefined, { startup: 4, hidden: [8] });
    const whole = make();
    for (let trial = 0; trial < 8; trial++) {
      const decision = whole.ask(trial);
      expect(decision[1] === null).toBe(decision[0] !== 'sgd');
      whole.tell(trial % 3 === 1 ? { decision } : { decision, reward: -problems.conditional.value(decision) });
    }
    const resumed = make();
    resumed.restore(JSON.parse(JSON.stringify(whole.state())));
    expect(resumed.ask(8)).toEqual(whole.ask(8));
  });
});
