import type { SearchView, TrialView } from '../../protocol/webview-search';
import type { RunStatus } from '../../runs/read';
import type { SearchState, TrialState } from '../../runs/search-state';

/** How many trials back the time of one is taken from. */
const RECENT = 20;

export interface SearchOfRun {
  readonly title: string;
  readonly status: RunStatus;
  readonly stages: readonly number[];
}

/** What the search panel shows of a search, but for its trials. */
export function searchView(search: SearchState, { title, status, stages }: SearchOfRun): SearchView {
  const { started, budget, words, paused, finished } = search;
  const { stage, sampler, objective, space } = started;
  return {
    ...{ title, status, stage, stages: [...stages], sampler, objective, budget, paused, space },
    ...(words !== undefined && { words }),
    ...(finished && { chosen: finished.best }),
    eta: status === 'running' && !finished && !paused ? secondsLeft(search) : undefined,
  };
}

/** By the time that recent trials took and how many run side by side; undefined before the first has ended. */
function secondsLeft({ trials, budget }: SearchState): number | undefined {
  const ended = trials.flatMap(({ result }) => (result ? [result.seconds] : []));
  if (ended.length === 0) return undefined;
  const recent = ended.slice(-RECENT);
  const mean = recent.reduce((sum, seconds) => sum + seconds, 0) / recent.length;
  const running = trials.filter(({ result }) => !result);
  const done = running.reduce((sum, { progress = 0 }) => sum + progress, 0);
  return (Math.max(0, budget - ended.length - done) * mean) / Math.max(1, running.length);
}

export function trialView({ trial, origin, progress, result, confirmed, decision }: TrialState): TrialView {
  return {
    ...{ trial, origin, decision, progress },
    state: result?.state ?? 'running',
    reward: result?.reward,
    accuracy: confirmed?.accuracy ?? result?.accuracy,
    standardError: confirmed?.standardError ?? result?.standardError,
    confirmed: confirmed !== undefined,
    cost: result?.cost ?? {},
    seconds: result?.seconds,
    message: result?.message,
  };
}
