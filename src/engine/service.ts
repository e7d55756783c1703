import { basename } from 'node:path';
import { version } from '../../package.json';
import { loadConfig } from '../config/load';
import type { RunPlan } from '../config/plan';
import type { Handlers } from '../protocol/connection';
import { EngineError, hintOf } from '../protocol/failure';
import type { LogEntry, Outcome, Params, Result, RunReference } from '../protocol/messages';
import type { NewEvent, RunEvent } from '../runs/events';
import { createRun, resumeRun, type RunWriter } from '../runs/journal';
import { readRun } from '../runs/read';
import { RunError } from '../runs/run-error';

/** The main job; ends early when the signal is aborted. */
export type Compress = (
  plan: RunPlan,
  run: RunWriter,
  options: { signal: AbortSignal; resume?: boolean },
) => Promise<unknown>;

export interface Audience {
  event(run: RunWriter, event: RunEvent): void;
  log(entry: LogEntry): void;
}

interface Job {
  readonly abort: AbortController;
  /** Settles once the run has a journal. */
  readonly started: Promise<RunReference>;
  /** Never rejects; stays absent when the run could not be started. */
  outcome?: Promise<Outcome>;
  ended: boolean;
}

interface Assignment {
  readonly plan: RunPlan;
  readonly run: RunWriter;
  readonly resume: boolean;
}

/** What the engine's process does for its client: one run at a time. */
export class EngineService implements Handlers {
  private job: Job | undefined;

  constructor(
    private readonly work: Compress,
    private readonly audience: Audience,
  ) {}

  readonly compress = ({ configPath, workspace, outDirectory, threads }: Params<'compress'>): Promise<RunReference> =>
    this.begin(async () => {
      const plan = withOverrides(await loadConfig(configPath), outDirectory, threads);
      const run = createRun(workspace, { name: nameOf(configPath), config: plan, configPath, version });
      return { plan, run, resume: false };
    });

  readonly resume = ({ runDirectory, threads }: Params<'resume'>): Promise<RunReference> =>
    this.begin(async () => {
      const { status, config, version: writer } = await readRun(runDirectory);
      if (status === 'finished') throw new EngineError('this run has finished: there is nothing left to resume');
      if (writer !== version) {
        const hint = 'start the config again, or resume the run with the version that began it';
        throw new EngineError(`this run was begun by PocketFlow ${writer}, and this is ${version}`, hint);
      }
      // The same version wrote it, so it has the shape that this one reads.
      const plan = withOverrides(config as RunPlan, undefined, threads);
      return { plan, run: resumeRun(runDirectory), resume: true };
    });

  readonly outcome = async (): Promise<Result<'outcome'>> => {
    if (!this.job?.outcome) throw new EngineError('no run has been started');
    return this.job.outcome;
  };

  readonly stop = async ({ reason }: Params<'stop'>): Promise<Result<'stop'>> => {
    const { job } = this;
    if (!job || job.ended) return { stopped: false };
    job.abort.abort(new Error(reason));
    await job.started.catch(() => undefined);
    await job.outcome;
    return { stopped: true };
  };

  private begin(prepare: () => Promise<Assignment>): Promise<RunReference> {
    if (this.job && !this.job.ended) {
      return Promise.reject(new EngineError('this engine is at work on a run already'));
    }
    const started = prepare().then((assignment) => {
      job.outcome = this.follow(assignment, job.abort.signal).finally(() => (job.ended = true));
      return { id: assignment.run.id, directory: assignment.run.directory };
    });
    const job: Job = { abort: new AbortController(), started, ended: false };
    this.job = job;
    started.catch(() => (job.ended = true));
    return started;
  }

  /** Works on the run to its end, and sees to it that the journal tells of it. */
  private async follow({ plan, run, resume }: Assignment, signal: AbortSignal): Promise<Outcome> {
    let told: Outcome | undefined;
    run.onEvent((event) => {
      told = outcomeIn(event);
      this.audience.event(run, event);
    });
    try {
      await this.work(plan, run, { signal, resume });
      return told ?? { state: 'finished' };
    } catch (error) {
      if (told) return told;
      if (signal.aborted && !(error instanceof RunError)) {
        this.conclude(run, { type: 'run.stopped', reason: messageOf(signal.reason) });
        return { state: 'stopped' };
      }
      const failure = { message: messageOf(error), hint: hintOf(error) };
      this.log(error);
      this.conclude(run, { type: 'run.failed', ...failure });
      return { state: 'failed', ...failure };
    } finally {
      run.close();
    }
  }

  /** A full disk is often the very failure; the client hears of it all the same. */
  private conclude(run: RunWriter, end: NewEvent): void {
    try {
      run.emit(end);
    } catch (error) {
      this.log(error);
    }
  }

  private log(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.audience.log({ level: 'error', text });
  }
}

/** How a run ended, if this event is its end. */
function outcomeIn(event: RunEvent): Outcome | undefined {
  switch (event.type) {
    case 'run.finished':
      return { state: 'finished' };
    case 'run.stopped':
      return { state: 'stopped' };
    case 'run.failed':
      return { state: 'failed', message: event.message, hint: event.hint };
    default:
      return undefined;
  }
}

function withOverrides(plan: RunPlan, outDirectory: string | undefined, threads: number | undefined): RunPlan {
  return {
    ...plan,
    compute: { ...plan.compute, threads: plan.compute.threads === 'auto' ? (threads ?? 'auto') : plan.compute.threads },
    output: { ...plan.output, ...(outDirectory === undefined ? {} : { directory: outDirectory }) },
  };
}

/** `lenet` of `examples/lenet.pocketflow.yaml`. */
function nameOf(configPath: string): string {
  return basename(configPath).replace(/\.?pocketflow\.ya?ml$/, '') || 'run';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
