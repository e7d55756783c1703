import type { EventBody, RunEvent } from './events';
import type { TrialDecision, TrialResult } from './trial';

/** A trial as the journal up to now tells it. */
export interface TrialState {
  readonly trial: number;
  readonly decision: TrialDecision;
  readonly origin: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Share of its work that is done, [0, 1], while it runs. */
  readonly progress?: number;
  /** Absent while it runs. */
  readonly result?: TrialResult;
  /** Accuracy on the whole validation split, percent, of a trial that was evaluated again. */
  readonly confirmed?: EventBody<'trial.confirmed'>;
}

/** The search of one stage. */
export interface SearchState {
  readonly started: EventBody<'search.started'>;
  readonly startedAt: string;
  /** In the order of their numbers. */
  readonly trials: readonly TrialState[];
  readonly words?: string;
  readonly paused: boolean;
  /** How many trials there are to be; it may be changed while the search goes on. */
  readonly budget: number;
  readonly finished?: EventBody<'search.finished'>;
}

export type SearchEvent = Extract<RunEvent, { type: `search.${string}` | `trial.${string}` }>;

/** The search after one more of its events. */
export function reduceSearch(search: SearchState | undefined, event: SearchEvent): SearchState | undefined {
  if (event.type === 'search.started') {
    // A resumed search says again what it is; its trials stay, but for those that were cut off.
    const trials = search?.trials.filter(({ result }) => result) ?? [];
    return { started: event, startedAt: search?.startedAt ?? event.time, trials, paused: false, budget: event.trials };
  }
  if (!search) return undefined;
  switch (event.type) {
    case 'trial.started': {
      const { trial, decision, origin, time } = event;
      return { ...search, trials: put(search.trials, { trial, decision, origin, startedAt: time }) };
    }
    case 'trial.progress':
      return change(search, event.trial, { progress: event.step / event.total });
    case 'trial.finished':
      return change(search, event.trial, { result: event, progress: undefined });
    case 'trial.confirmed':
      return change(search, event.trial, { confirmed: event });
    case 'search.state':
      return { ...search, words: event.text, paused: event.paused, budget: event.trials };
    case 'search.finished':
      return { ...search, finished: event };
  }
}

function change(search: SearchState, number: number, values: Partial<TrialState>): SearchState {
  const old = search.trials.findLast(({ trial }) => trial === number);
  return old ? { ...search, trials: put(search.trials, { ...old, ...values }) } : search;
}

/** In place of the trial with its number, which is one of the last, else at the end. */
function put(trials: readonly TrialState[], fresh: TrialState): readonly TrialState[] {
  // Without a look at all the others: there may be thousands.
  const isNew = fresh.trial > (trials.at(-1)?.trial ?? -1);
  const at = isNew ? -1 : trials.findLastIndex(({ trial }) => trial === fresh.trial);
  return at < 0 ? [...trials, fresh] : trials.with(at, fresh);
}
