import type { TrainingPlan } from '../../config/plan';
import type { NewEvent } from '../../runs/events';
import type { Dataset } from '../data/dataset';
import type { Graph } from '../graph/graph';
import type { Executor, Parameters } from '../runtime/executor';
import type { CheckpointStore, EpochRecord } from './checkpoint';
import type { TrainingHook } from './hook';
import type { Teacher } from './teacher';
import { TrainingRun } from './training-run';

export interface TrainOptions {
  readonly executor: Executor;
  /** Training starts from its parameters. */
  readonly graph: Graph;
  readonly dataset: Dataset;
  readonly plan: TrainingPlan;
  /** Needed when the plan has distillation; what it makes of each training batch is learnt from. */
  readonly teacher?: Teacher;
  /** Name of this training in the journal. */
  readonly phase: string;
  /** Index of the stage that it belongs to, for the journal. Default 0. */
  readonly stage?: number;
  readonly seed: number;
  readonly emit: (event: NewEvent) => void;
  readonly signal: AbortSignal;
  /** Where to keep checkpoints; training goes on from the one that is there. Absent: none are kept. */
  readonly checkpoints?: CheckpointStore;
  readonly hook?: TrainingHook;
  /** 0/1 masks by `node/param` that hold throughout; entries with 0 stay zero. */
  readonly initialMasks?: Parameters;
  /**
   * Give the starting graph back when training made validation accuracy worse. Default: yes, unless a hook is there,
   * for then the start doesn't meet the target that the hook works towards.
   */
  readonly keepStartIfBetter?: boolean;
}

export interface TrainResult {
  readonly graph: Graph;
  /** One record an epoch; the ones before a resume included. */
  readonly history: readonly EpochRecord[];
  /** Validation accuracy of `graph`, percent; absent when the data set has no validation split. */
  readonly validationAccuracy?: number;
  /** Training made validation accuracy worse, so `graph` is the one that it started from. */
  readonly keptStart: boolean;
}

/**
 * Trains a classifier: cross-entropy, and distillation where the plan has it. Emits `progress` (once a second at most),
 * `epoch`, `checkpoint` and `message` events. Validates after each epoch, on the moving average where the plan has one.
 *
 * The last epoch is what is kept, not the best one: the schedules end at a low learning rate, where the last epoch
 * is the best within noise, and choosing the best of many would make validation accuracy optimistic. The result is
 * never worse than the start on validation, see `keepStartIfBetter`.
 *
 * With the same options and seed an interrupted and resumed training ends with the same bits as one that ran through,
 * where the backend is deterministic.
 * @throws the signal's reason when aborted, after a checkpoint; TrainingDiverged; CheckpointError.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  const run = await TrainingRun.start(options);
  try {
    while (!run.finished) await run.epoch();
    return await run.result();
  } catch (error) {
    if (options.signal.aborted) await run.saveAfterAbort();
    throw error;
  } finally {
    run.dispose();
  }
}
