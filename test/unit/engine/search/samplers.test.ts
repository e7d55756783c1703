import { describe, expect, it } from 'vitest';
import { CmaEsSampler } from '../../../../src/engine/search/cma-es-sampler';
import { GpSampler } from '../../../../src/engine/search/gp-sampler';
import { QuasiRandomSampler } from '../../../../src/engine/search/quasi-random-sampler';
import { RandomSampler } from '../../../../src/engine/search/random-sampler';
import { Space } from '../../../../src/engine/search/space';
import { TpeSampler } from '../../../../src/engine/search/tpe-sampler';
import { medianRegret, type MakeSampler } from '../../../support/run-search';
import { problems, mixed } from '../../../support/test-functions';

const samplers: Record<string, MakeSampler> = {
  random: (space, seed) => new RandomSampler(space, seed),
  'quasi-random': (space, seed) => new QuasiRandomSampler(space, seed),
  tpe: (space, seed) => new TpeSampler(space, seed),
  'tpe univariate': (space, seed) => new TpeSampler(space, seed, { multivariate: false }),
  'cma-es': (space, seed) => new CmaEsSampler(space, seed),
  gp: (space, seed) => new GpSampler(space, seed),
};

/** Regret after 60 trials that each must stay below, median of 7 seeds; what chance comes to is in the first row. */
const bounds: Record<string, Record<keyof typeof problems, number>> = {
  random: { branin: 3, hartmann6: 2.5, mixed: 1, conditional: 0.3 },
  'quasi-random': { branin: 2.5, hartmann6: 2.3, mixed: 0.8, conditional: 0.3 },
  tpe: { branin: 0.2, hartmann6: 0.7, mixed: 0.06, conditional: 0.02 },
  'tpe univariate': { branin: 0.6, hartmann6: 1, mixed: 0.15, conditional: 0.04 },
  'cma-es': { branin: 1.5, hartmann6: 2, mixed: 0.4, conditional: 0.4 },
  gp: { branin: 1e-2, hartmann6: 0.5, mixed: 0.02, conditional: 0.01 },
};

describe.each(Object.keys(samplers))('the %s sampler', (name) => {
  const make = samplers[name];

  it.each(Object.keys(problems) as (keyof typeof problems)[])('comes near to the optimum of %s', (problem) => {
    // A Gaussian process needs fewer trials, and longer for each.
    const [trials, seeds] = name === 'gp' ? [35, 3] : [60, 7];
    expect(medianRegret(make, problems[problem], trials, seeds)).toBeLessThan(bounds[name][problem]);
  });

  it('goes on from its state, put through JSON, as if it had never stopped', () => {
    const space = new Space(mixed.dimensions);
    const whole = make(space, 3);
    let cut = make(space, 3);
    for (let trial = 0; trial < 30; trial++) {
      const decision = whole.ask(trial);
      expect(cut.ask(trial)).toEqual(decision);
      // Some fail, and some give no number.
      const reward = trial % 7 === 3 ? undefined : trial % 7 === 5 ? NaN : -mixed.value(decision);
      const told = { decision, ...(reward !== undefined && { reward }) };
      whole.tell(told);
      cut.tell(told);
      if (trial % 10 === 9) {
        const state: unknown = JSON.parse(JSON.stringify(cut.state()));
        cut = make(space, 3);
        cut.restore(state);
      }
    }
  });

  it('refuses what is not a state of its own', () => {
    const sampler = make(new Space(mixed.dimensions), 0);
    expect(() => sampler.restore({ sampler: 'other', told: [] })).toThrow(/not the state of/);
    expect(() => sampler.restore({ sampler: sampler.name, told: [{ decision: [1] }] })).toThrow(/another size/);
  });

  it('proposes only what the space allows', () => {
    const space = new Space(problems.conditional.dimensions);
    const sampler = make(space, 5);
    for (let trial = 0; trial < 25; trial++) {
      const decision = sampler.ask(trial);
      // A tree of conditions leaves the knobs of the other solver out.
      expect(decision[1] === null).toBe(decision[0] !== 'sgd');
      expect(decision[2] === null).toBe(decision[0] !== 'adam');
      const back = space.decode(space.encode(decision));
      decision.forEach((value, i) => {
        if (typeof value === 'number') expect(Math.abs(Number(back[i]) / value - 1)).toBeLessThan(1e-9);
      });
      sampler.tell({ decision, reward: -problems.conditional.value(decision) });
    }
  });
});

describe('the quasi-random sampler', () => {
  it('puts one of each base-many points into each part of a dimension', () => {
    const space = new Space(Array.from({ length: 6 }, (_, i) => ({ name: `${i}`, kind: 'float', low: 0, high: 1 })));
    const sampler = new QuasiRandomSampler(space, 9);
    for (const [d, base] of [2, 3, 5, 7, 11, 13].entries()) {
      const parts = Array.from({ length: base }, (_, i) => Math.floor(Number(sampler.ask(i)[d]) * base));
      expect(new Set(parts).size).toBe(base);
    }
  });
});

describe('TPE', () => {
  it('keeps away from what is being tried', () => {
    const space = new Space([{ name: 'x', kind: 'float', low: 0, high: 1 }]);
    const sampler = new TpeSampler(space, 1);
    for (let i = 0; i < 40; i++) sampler.tell({ decision: [i / 40], reward: -Math.abs(i / 40 - 0.5) });
    const alone = Array.from({ length: 50 }, (_, trial) => Number(sampler.ask(trial)[0]));
    const pending = Array.from({ length: 30 }, () => [0.5]);
    const crowded = Array.from({ length: 50 }, (_, trial) => Number(sampler.ask(trial, pending)[0]));
    const near = (xs: number[]) => xs.filter((x) => Math.abs(x - 0.5) < 0.02).length;
    expect(near(crowded)).toBeLessThan(near(alone));
  });
});

describe('CMA-ES', () => {
  it('learns the shape of a narrow, slanted valley', () => {
    const space = new Space(Array.from({ length: 5 }, (_, i) => ({ name: `${i}`, kind: 'float', low: 0, high: 1 })));
    // Condition number 1000 along the diagonal: without its covariance it would creep.
    const value = (x: readonly number[]) => {
      const mean = x.reduce((sum, v) => sum + v - 0.3, 0) / 5;
      return mean ** 2 + 1000 * x.reduce((sum, v) => sum + (v - 0.3 - mean) ** 2, 0);
    };
    const sampler = new CmaEsSampler(space, 1);
    let best = Infinity;
    for (let trial = 0; trial < 1200; trial++) {
      const decision = sampler.ask(trial);
      best = Math.min(best, value(decision as number[]));
      sampler.tell({ decision, reward: -value(decision as number[]) });
    }
    expect(best).toBeLessThan(1e-5);
  });
});
