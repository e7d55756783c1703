import { describe, expect, it } from 'vitest';
import type { TrialView } from '../../../src/protocol/webview-search';
import { chosenTrials, digest, Trials } from '../../../webview/search/trials';

const trial = (number: number, values: Partial<TrialView> = {}): TrialView => ({
  ...{ trial: number, origin: 'tpe', state: 'complete', confirmed: false, decision: [] },
  ...{ reward: number, accuracy: 90 + number, cost: { flops: number } },
  ...values,
});

describe('the trials of the page', () => {
  it('are kept by their numbers, changed or begun anew', () => {
    const trials = new Trials();
    trials.take([trial(0, { state: 'running' }), trial(1)], true);
    trials.take([trial(0), trial(2)], false);
    expect(trials.all.map(({ trial: number, state }) => [number, state])).toEqual([
      [0, 'complete'],
      [1, 'complete'],
      [2, 'complete'],
    ]);
    trials.take([trial(5)], true);
    expect(trials.all.map(({ trial: number }) => number)).toEqual([5]);
  });
});

describe('what is made of them', () => {
  it('takes the best of those that are complete', () => {
    const made = digest([trial(1), trial(3), trial(9, { state: 'pruned' })], 'flops');
    expect(made.best?.trial).toBe(3);
    expect(made.ended).toBe(3);
  });

  it('finds the front in a cost that was measured', () => {
    expect(digest([trial(1), trial(3)], 'latencyMs').front.map(({ trial: number }) => number)).toEqual([1, 3]);
  });
});

describe('the table of trials', () => {
  const made = digest(
    [trial(2), trial(1, { origin: 'uniform' }), trial(3, { state: 'failed', reward: undefined })],
    'flops',
  );
  const chosen = (filter: string, key: 'reward' | 'trial', descending: boolean): number[] =>
    chosenTrials(made, filter, { key, descending }, 'flops').map(({ trial: number }) => number);

  it('is sorted, with what was not measured last', () => {
    expect(chosen('', 'reward', true)).toEqual([2, 1, 3]);
    expect(chosen('', 'reward', false)).toEqual([1, 2, 3]);
    expect(chosen('', 'trial', true)).toEqual([3, 2, 1]);
  });

  it('is filtered by origin, state and the front', () => {
    expect(chosen('uniform', 'trial', false)).toEqual([1]);
    expect(chosen('failed', 'trial', false)).toEqual([3]);
    expect(chosen('front', 'trial', false)).toEqual([1, 2]);
  });
});
