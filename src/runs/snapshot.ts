import type { EventBody, LayerFact, ModelFacts, RunEvent } from './events';
import { reduceSearch, type SearchEvent, type SearchState } from './search-state';

/** What the journal says about how far a run is; whether its process still lives is not for the journal to tell. */
export type JournalStatus = 'open' | 'finished' | 'stopped' | 'failed';

type Epoch = EventBody<'epoch'> & { readonly time: string; readonly stage?: number };
type Progress = EventBody<'progress'> & { readonly time: string };

/** A run as its events up to now tell it. */
export interface RunState {
  readonly id: string;
  readonly status: JournalStatus;
  /** The resolved config, as the run that wrote it had it. */
  readonly config: unknown;
  readonly configPath?: string;
  /** Version of PocketFlow that started it. */
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly updatedAt: string;
  /** Number of the last event, -1 before the first. */
  readonly seq: number;
  /** Process that wrote last. */
  readonly pid: number;
  readonly host: string;
  readonly executor?: EventBody<'executor.chosen'>;
  readonly stage?: EventBody<'stage.started'>;
  readonly phase?: EventBody<'phase.started'>;
  /** Of the phase at hand. */
  readonly progress?: Progress;
  readonly epochs: readonly Epoch[];
  /** By stage. */
  readonly layers: ReadonlyMap<number, readonly LayerFact[]>;
  /** By stage. */
  readonly searches: ReadonlyMap<number, SearchState>;
  readonly before?: ModelFacts;
  readonly candidate?: ModelFacts;
  readonly after?: ModelFacts;
  readonly checkpoint?: EventBody<'checkpoint'>;
  readonly artifacts: readonly EventBody<'artifact'>[];
  readonly messages: readonly (EventBody<'message'> & { readonly time: string })[];
  readonly failure?: EventBody<'run.failed'>;
  readonly stopReason?: string;
  /** Of a finished run. */
  readonly seconds?: number;
}

export const emptyState: RunState = {
  id: '',
  status: 'open',
  config: undefined,
  version: '',
  startedAt: '',
  updatedAt: '',
  seq: -1,
  pid: 0,
  host: '',
  epochs: [],
  layers: new Map(),
  searches: new Map(),
  artifacts: [],
  messages: [],
};

type Change<T extends RunEvent['type']> = (state: RunState, event: Extract<RunEvent, { type: T }>) => Partial<RunState>;

const changes: { readonly [T in RunEvent['type']]: Change<T> } = {
  'run.started': (_, { id, config, configPath, version, pid, host, time }) => ({
    id,
    config,
    ...(configPath === undefined ? {} : { configPath }),
    version,
    pid,
    host,
    startedAt: time,
  }),
  'run.resumed': (_, { pid, host }) => ({
    status: 'open',
    pid,
    host,
    failure: undefined,
    stopReason: undefined,
    progress: undefined,
  }),
  'executor.chosen': (_, executor) => ({ executor }),
  'stage.started': (_, stage) => ({ stage, phase: undefined, progress: undefined }),
  'phase.started': (_, phase) => ({ phase, progress: undefined }),
  progress: (_, progress) => ({ progress }),
  epoch: ({ epochs, stage }, epoch) => ({
    // A run that was killed does the epochs since its last checkpoint again.
    epochs: [
      ...epochs.filter((old) => old.phase !== epoch.phase || old.stage !== stage?.stage || old.epoch < epoch.epoch),
      { ...epoch, ...(stage ? { stage: stage.stage } : {}) },
    ],
  }),
  layers: (state, { stage, layers }) => ({ layers: new Map(state.layers).set(stage, layers) }),
  checkpoint: (_, checkpoint) => ({ checkpoint }),
  measured: (_, { what, facts }) => ({ [what]: facts }),
  artifact: ({ artifacts }, artifact) => ({
    artifacts: [...artifacts.filter(({ path }) => path !== artifact.path), artifact],
  }),
  message: ({ messages }, message) => ({ messages: [...messages, message] }),
  'search.started': search,
  'trial.started': search,
  'trial.progress': search,
  'trial.finished': search,
  'trial.confirmed': search,
  'search.state': search,
  'search.finished': search,
  'run.finished': (_, { before, after, seconds }) => ({ status: 'finished', before, after, seconds }),
  'run.stopped': (_, { reason }) => ({ status: 'stopped', stopReason: reason }),
  'run.failed': (_, failure) => ({ status: 'failed', failure }),
};

function search({ searches }: RunState, event: SearchEvent): Partial<RunState> {
  const state = reduceSearch(searches.get(event.stage), event);
  return state ? { searches: new Map(searches).set(event.stage, state) } : {};
}

/** The state after one more event. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  // The entry belongs to the event's type, which the compiler can't correlate (TypeScript issue 30581).
  const change = changes[event.type] as (state: RunState, event: RunEvent) => Partial<RunState>;
  return { ...state, ...change(state, event), seq: event.seq, updatedAt: event.time };
}
