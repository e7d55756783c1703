import { describe, expect, it } from 'vitest';
import { searchView, trialView } from '../../../../src/extension/search/search-view';
import { searchView as searchSchema, trialView as trialSchema } from '../../../../src/protocol/webview-search';
import type { NewEvent } from '../../../../src/runs/events';
import { reduceSearch, type SearchEvent, type SearchState } from '../../../../src/runs/search-state';

const started: NewEvent = {
  ...{ type: 'search.started', stage: 0, sampler: 'tpe', objective: 'accuracy', trials: 10 },
  space: [{ name: 'a', kind: 'float', low: 0, high: 1 }],
};
const begin = (trial: number): NewEvent => ({ type: 'trial.started', stage: 0, trial, decision: [0.5], origin: 'tpe' });
const end = (trial: number, seconds: number): NewEvent => ({
  ...{ type: 'trial.finished', stage: 0, trial, state: 'complete', reward: 1, accuracy: 90, seconds },
});
const searchOf = (...events: NewEvent[]): SearchState =>
  [started, ...events]
    .map((event, seq) => ({ v: 1, seq, time: '', ...event }) as SearchEvent)
    .reduce<SearchState | undefined>(reduceSearch, undefined)!;
const run = { title: 'lenet', status: 'running', stages: [0] } as const;

describe('what the search panel shows', () => {
  it('tells no time before a trial has ended', () => {
    expect(searchView(searchOf(begin(0)), run).eta).toBeUndefined();
  });

  it('tells the time by the trials that have ended and how many run at once', () => {
    expect(searchView(searchOf(begin(0), end(0, 4), begin(1)), run).eta).toBe(9 * 4);
    expect(searchView(searchOf(begin(0), end(0, 4), begin(1), begin(2)), run).eta).toBe((9 * 4) / 2);
    expect(searchView(searchOf(begin(0), end(0, 4)), { ...run, status: 'stopped' }).eta).toBeUndefined();
  });

  it('is what the page accepts', () => {
    const confirmed: NewEvent = {
      ...{ type: 'trial.confirmed', stage: 0, trial: 0, accuracy: 89 },
      standardError: 0.1,
      samples: 9,
    };
    const search = searchOf(begin(0), end(0, 4), confirmed, begin(1));
    expect(searchSchema.safeParse(searchView(search, run)).success).toBe(true);
    const [first, second] = search.trials.map((trial) => trialSchema.parse(trialView(trial)));
    expect(first).toMatchObject({ state: 'complete', accuracy: 89, confirmed: true });
    expect(second).toMatchObject({ state: 'running', confirmed: false });
  });
});
