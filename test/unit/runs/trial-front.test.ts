import { describe, expect, it } from 'vitest';
import { paretoFront } from '../../../src/runs/trial-front';
import { seeded } from '../../support/seeded';

const trial = (flops: number | undefined, accuracy: number | undefined, sparsity?: number) => ({
  accuracy,
  cost: { flops, sparsity },
});

describe('the front of trials', () => {
  it('is what no other beats, the cheapest first', () => {
    const [a, b, c, d] = [trial(1, 50), trial(2, 70), trial(3, 60), trial(3, 80)];
    expect(paretoFront([d, c, b, a], 'flops')).toEqual([a, b, d]);
  });

  it('takes more sparsity for the better', () => {
    const [dense, sparse] = [trial(1, 50, 0.1), trial(1, 50, 0.9)];
    expect(paretoFront([dense, sparse], 'sparsity')).toEqual([sparse]);
  });

  it('leaves out what was not measured', () => {
    expect(paretoFront([trial(undefined, 50), trial(1, undefined)], 'flops')).toEqual([]);
  });

  it('is what a search by hand finds', () => {
    const random = seeded(3);
    const trials = Array.from({ length: 200 }, () => trial(random(), random()));
    const beaten = (one: (typeof trials)[number]): boolean =>
      trials.some((other) => other.cost.flops! < one.cost.flops! && other.accuracy! > one.accuracy!);
    expect(new Set(paretoFront(trials, 'flops'))).toEqual(new Set(trials.filter((one) => !beaten(one))));
  });
});
