import { readFile } from 'node:fs/promises';
import { parseEvent, type RunEvent } from './events';
import { liveHolder } from './lock';
import { journalPath } from './paths';
import { RunError } from './run-error';
import { emptyState, reduceRun, type JournalStatus, type RunState } from './snapshot';

/** `dead`: its process is gone without having said so; it can be resumed. */
export type RunStatus = 'running' | 'finished' | 'stopped' | 'failed' | 'dead';

export interface RunSnapshot extends Omit<RunState, 'status'> {
  readonly directory: string;
  readonly status: RunStatus;
}

/** The events of a journal's text; what is torn, foreign or of an unknown type is left out. */
export function parseJournal(text: string): RunEvent[] {
  return text
    .split('\n')
    .map(parseEvent)
    .filter((event) => event !== undefined);
}

/**
 * A run as it stands on the disk.
 * @throws RunError when there is no journal, or none that begins with the start of a run.
 */
export async function readRun(directory: string): Promise<RunSnapshot> {
  const path = journalPath(directory);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RunError(`there is no run in ${directory}`, 'list the runs with: pocketflow runs list', { cause });
  });
  const state = parseJournal(text).reduce(reduceRun, emptyState);
  if (state.id === '') throw new RunError(`the journal ${path} does not hold the start of a run`);
  return { ...state, directory, status: statusOf(state.status, directory) };
}

/** Whether a run that has not ended is at work is told by its lock. */
export function statusOf(status: JournalStatus, directory: string): RunStatus {
  if (status !== 'open') return status;
  return liveHolder(directory) ? 'running' : 'dead';
}
