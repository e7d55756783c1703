import { describe, expect, it } from 'vitest';
import { emptyState, reduceRun } from '../../../src/runs/snapshot';
import { parseEvent, type NewEvent } from '../../../src/runs/events';

const started: NewEvent = {
  type: 'search.started',
  stage: 0,
  sampler: 'tpe',
  objective: 'accuracy',
  trials: 4,
  space: [{ name: 'conv1', kind: 'float', low: 0.1, high: 1, layer: 'conv1' }],
};
const begun = (trial: number): NewEvent => ({
  type: 'trial.started',
  stage: 0,
  trial,
  decision: [0.5],
  origin: 'tpe',
});
const ended = (trial: number, accuracy: number): NewEvent => ({
  type: 'trial.finished',
  stage: 0,
  trial,
  state: 'complete',
  reward: accuracy,
  accuracy,
  seconds: 1,
});

describe('the search of a run', () => {
  it('has its trials in order, with what each came to', () => {
    const search = searchAfter(started, begun(0), begun(1), ended(1, 90), ended(0, 80));
    expect(search?.trials.map(({ trial, result }) => [trial, result?.accuracy])).toEqual([
      [0, 80],
      [1, 90],
    ]);
  });

  it('tells how far a running trial is', () => {
    const progress: NewEvent = { type: 'trial.progress', stage: 0, trial: 0, step: 1, total: 4 };
    expect(searchAfter(started, begun(0), progress)?.trials[0].progress).toBe(0.25);
    expect(searchAfter(started, begun(0), progress, ended(0, 80))?.trials[0].progress).toBeUndefined();
  });

  it('drops trials that a crash cut off once the run is resumed, and keeps the others', () => {
    const search = searchAfter(started, begun(0), ended(0, 80), begun(1), started, begun(1));
    expect(search?.trials.map(({ trial, result }) => [trial, result !== undefined])).toEqual([
      [0, true],
      [1, false],
    ]);
  });

  it('follows a changed budget and a pause', () => {
    const state: NewEvent = { type: 'search.state', stage: 0, text: 'waiting', paused: true, trials: 9 };
    expect(searchAfter(started, state)).toMatchObject({ budget: 9, paused: true, words: 'waiting' });
  });

  it('knows nothing of trials whose search has not begun', () => {
    expect(searchAfter(begun(0))).toBeUndefined();
  });
});

function searchAfter(...events: NewEvent[]) {
  return events
    .map((event, seq) => parseEvent(JSON.stringify({ v: 1, seq, time: '2026-01-01T00:00:00Z', ...event })))
    .filter((event) => event !== undefined)
    .reduce(reduceRun, emptyState)
    .searches.get(0);
}
