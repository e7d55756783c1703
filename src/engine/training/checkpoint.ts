import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Tensor } from '../graph/node';
import type { Parameters, TrainingState } from '../runtime/executor';
import { readTensorFile, TensorFileError, writeTensorFile } from './tensor-file';

const epochRecord = z.object({
  /** From 1. */
  epoch: z.number(),
  /** Mean over the epoch's training batches. */
  loss: z.number(),
  /** Top-1 on the training batches as they were trained on, percent. */
  trainAccuracy: z.number(),
  /** Top-1 on the validation split, percent; absent when the data set has none. */
  validationAccuracy: z.number().optional(),
  /** Of the epoch's last step. */
  learningRate: z.number(),
  seconds: z.number(),
  /** Share of the epoch that the executor was at work, [0, 1]. */
  executorBusy: z.number(),
});
export type EpochRecord = z.output<typeof epochRecord>;

const positionSchema = z.object({
  /** Epochs that are finished, validation included. */
  history: z.array(epochRecord),
  /** Validation accuracy of the graph that training began with, percent. */
  startAccuracy: z.number().optional(),
  /** Sums over the steps of the epoch under way. */
  running: z.object({
    loss: z.number(),
    correct: z.number(),
    samples: z.number(),
    seconds: z.number(),
    busySeconds: z.number(),
  }),
});
/** Where in the loop training stood, beside the executor's own state. */
export type LoopPosition = z.output<typeof positionSchema>;

export interface Checkpoint {
  readonly state: TrainingState;
  readonly position: LoopPosition;
  /** State of the learner's hook. */
  readonly hook: Parameters;
}

const jsonSchema = z.object({ fingerprint: z.string(), step: z.number().int(), position: positionSchema });
const fileName = /^step-(\d+)\.safetensors$/;
const STATE = 'state/';
const HOOK = 'hook/';
/** The newest, and the one before it in case the newest turns out to be unreadable. */
const KEPT = 2;

/**
 * Checkpoints of one training in one folder. A process that is killed at any moment leaves a checkpoint that can be
 * read; {@link load} skips files that are cut or damaged.
 */
export class CheckpointStore {
  constructor(readonly directory: string) {}

  /**
   * @param fingerprint says what is trained and how; {@link load} refuses a checkpoint of something else.
   * @returns the path of the file.
   * @throws CheckpointError when it can't be written; earlier checkpoints are left alone.
   */
  async save({ state, position, hook }: Checkpoint, fingerprint: string): Promise<string> {
    const tensors = new Map<string, Tensor>();
    for (const [key, tensor] of state.tensors) tensors.set(STATE + key, tensor);
    for (const [key, tensor] of hook) tensors.set(HOOK + key, tensor);
    const path = join(this.directory, `step-${String(state.step).padStart(9, '0')}.safetensors`);
    try {
      await mkdir(this.directory, { recursive: true });
      await writeTensorFile(path, tensors, { fingerprint, step: state.step, position });
      await this.tidy(state.step);
    } catch (error) {
      throw new CheckpointError(
        `cannot write the checkpoint ${path}: ${messageOf(error)}. Earlier checkpoints are still there: mend this and resume`,
        { cause: error },
      );
    }
    return path;
  }

  /**
   * The newest checkpoint that can be read, and the files that could not be.
   * @throws CheckpointError when the newest readable one belongs to another training.
   */
  async load(fingerprint: string): Promise<{ checkpoint?: Checkpoint; damaged: readonly string[] }> {
    const damaged: string[] = [];
    for (const { path } of await this.newestFirst()) {
      const content = await read(path);
      if (!content) {
        damaged.push(path);
        continue;
      }
      if (content.fingerprint !== fingerprint) {
        throw new CheckpointError(
          `the checkpoint ${path} belongs to a training with another model, data set or settings: ` +
            'start a new run, or delete the folder to begin again',
        );
      }
      return { checkpoint: content, damaged };
    }
    return { damaged };
  }

  /** Deletes every checkpoint: for a training that is finished. */
  async clear(): Promise<void> {
    for (const { path } of await this.newestFirst()) await rm(path, { force: true });
  }

  /** Deletes old checkpoints, and damaged ones of later steps that {@link load} had to skip. */
  private async tidy(step: number): Promise<void> {
    const files = await this.newestFirst();
    const kept = files.filter((file) => file.step <= step).slice(0, KEPT);
    for (const file of files) if (!kept.includes(file)) await rm(file.path, { force: true });
  }

  private async newestFirst(): Promise<{ path: string; step: number }[]> {
    let names: string[];
    try {
      names = await readdir(this.directory);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    return names
      .flatMap((name) => {
        const step = fileName.exec(name)?.[1];
        return step === undefined ? [] : [{ path: join(this.directory, name), step: Number(step) }];
      })
      .sort((a, b) => b.step - a.step);
  }
}

export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

async function read(path: string): Promise<(Checkpoint & { fingerprint: string }) | undefined> {
  let file: Awaited<ReturnType<typeof readTensorFile>>;
  try {
    file = await readTensorFile(path);
  } catch (error) {
    if (error instanceof TensorFileError) return undefined;
    throw error;
  }
  const json = jsonSchema.safeParse(file.json);
  if (!json.success) return undefined;
  const { fingerprint, step, position } = json.data;
  return {
    fingerprint,
    state: { step, tensors: under(STATE, file.tensors) },
    position,
    hook: under(HOOK, file.tensors),
  };
}

function under(prefix: string, tensors: Parameters): Parameters {
  return new Map(
    [...tensors].filter(([key]) => key.startsWith(prefix)).map(([key, tensor]) => [key.slice(prefix.length), tensor]),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
