import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunPlan } from '../config/plan';
import type { RunWriter } from '../runs/journal';
import type { Dataset } from './data/dataset';
import { openDataset } from './data/open-dataset';
import type { Executor } from './runtime/executor';
import { selectExecutor } from './runtime/select';
import { Stash } from './stash';

/** What all parts of one run work with. */
export interface Session {
  readonly plan: RunPlan;
  readonly run: RunWriter;
  readonly signal: AbortSignal;
  readonly executor: Executor;
  readonly threads: number;
  readonly dataset: Dataset;
  readonly stash: Stash;
  /** Folder for the checkpoints of one training; made when it isn't there. */
  checkpointDirectory(name: string): string;
}

/** Opens executor and data set, and tells the journal which. Close the data set after use. */
export async function openSession(plan: RunPlan, run: RunWriter, signal: AbortSignal): Promise<Session> {
  const { executor, threads, reason } = await selectExecutor(plan.compute);
  run.emit({ type: 'executor.chosen', name: executor.name, version: executor.version, threads, reason });

  const phase = 'load the data set';
  run.emit({ type: 'phase.started', phase });
  const dataset = await openDataset(plan.dataset, {
    seed: plan.compute.seed,
    signal,
    onProgress: ({ done, total }) => {
      if (total !== undefined) run.emit({ type: 'progress', phase, step: done, total });
    },
    onWarning: (text) => run.emit({ type: 'message', level: 'warning', text }),
  });
  const models = join(run.directory, 'models');
  mkdirSync(models, { recursive: true });
  return {
    plan,
    run,
    signal,
    executor,
    threads,
    dataset,
    stash: new Stash(models),
    checkpointDirectory: (name) => join(run.directory, 'checkpoints', name),
  };
}
