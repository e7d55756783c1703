import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { JOURNAL_VERSION, parseEvent, type EventType, type NewEvent, type RunEvent } from './events';
import { lockRun } from './lock';
import { journalPath, runsDirectory } from './paths';
import { RunError, writeError } from './run-error';
import { newRunId } from './run-id';

export interface NewRun {
  /** Goes into the id: the name of the config or model. */
  readonly name: string;
  /** The resolved config, plain data. */
  readonly config: unknown;
  /** Absolute path of the file that it came from. */
  readonly configPath?: string;
  /** Version of PocketFlow. */
  readonly version: string;
}

/** The one writer of a run. */
export interface RunWriter {
  readonly id: string;
  /** Absolute path of the run's folder: journal, checkpoints and artifacts. */
  readonly directory: string;
  /**
   * Numbers and dates an event and appends it. Milestones are on the disk when this returns; progress in between is
   * thinned out to a few lines a second.
   * @throws RunError when it can't be written (disk full, ...); what was written before stays readable.
   */
  emit(event: NewEvent): void;
  /** Called with every event that goes into the journal. Returns what ends that. */
  onEvent(listener: (event: RunEvent) => void): () => void;
  /** Lets go of the run; it can then be resumed by another process. */
  close(): void;
}

/**
 * Starts a run in a folder of its own under `root`, the workspace.
 * @throws RunError when the folder can't be made.
 */
export function createRun(root: string, { name, config, configPath, version }: NewRun): RunWriter {
  const id = newRunId(name);
  const directory = join(runsDirectory(root), id);
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw writeError(directory, error);
  }
  const run = openJournal(directory, () => ({ id, size: 0, seq: 0 }));
  syncDirectory(directory);
  run.emit({
    type: 'run.started',
    id,
    config,
    ...(configPath === undefined ? {} : { configPath }),
    version,
    pid: process.pid,
    host: hostname(),
  });
  return run;
}

/**
 * Goes on with the journal of a run whose process has ended, however it ended.
 * @throws RunError when another process writes it, or when there is no journal that can be read.
 */
export function resumeRun(directory: string): RunWriter {
  if (!existsSync(journalPath(directory))) {
    throw new RunError(`there is no run in ${directory}`, 'list the runs with: pocketflow runs list');
  }
  const run = openJournal(directory, () => findEnd(journalPath(directory)));
  run.emit({ type: 'run.resumed', pid: process.pid, host: hostname() });
  return run;
}

/**
 * Says in the journal of a run whose process had to be killed that this was the user's wish.
 * @throws RunError when another process writes it by now, or when it can't be written.
 */
export function recordStop(directory: string, reason: string): void {
  const run = openJournal(directory, () => findEnd(journalPath(directory)));
  run.emit({ type: 'run.stopped', reason });
  run.close();
}

/** Where to go on in a journal that may have been cut anywhere. */
interface JournalEnd {
  readonly id: string;
  /** Bytes that are good. */
  readonly size: number;
  /** Number of the next event. */
  readonly seq: number;
  /** The last event lacks its line end. */
  readonly unterminated?: boolean;
}

function findEnd(path: string): JournalEnd {
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  const tail = parseEvent(bytes.toString('utf8', whole));
  const events = bytes.toString('utf8', 0, whole).split('\n').map(parseEvent);
  const first = whole > 0 ? events[0] : tail;
  if (first?.type !== 'run.started') throw new RunError(`the journal ${path} does not begin with the start of a run`);
  if (first.v > JOURNAL_VERSION) {
    throw new RunError(
      `the run ${first.id} was written by PocketFlow ${first.version}`,
      'update PocketFlow to resume it',
    );
  }
  const seq = Math.max(...[...events, tail].map((event) => event?.seq ?? -1)) + 1;
  // A line that a crash cut off is dropped; one that only lacks its end gets it.
  return tail ? { id: first.id, size: bytes.length, seq, unterminated: true } : { id: first.id, size: whole, seq };
}

/** Events after which nothing may be lost; the others are only for watching. */
const fleeting: ReadonlySet<EventType> = new Set(['progress', 'phase.started', 'message', 'epoch']);
const PROGRESS_INTERVAL_MS = 250;

function openJournal(directory: string, locateEnd: () => JournalEnd): RunWriter {
  const path = journalPath(directory);
  const lock = lockRun(directory);
  let file: number | undefined;
  try {
    const end = locateEnd();
    // Not append mode, which would write behind a torn line that was cut off.
    file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o644);
    ftruncateSync(file, end.size);
    return makeWriter(directory, file, end, () => lock.release());
  } catch (error) {
    if (file !== undefined) closeSync(file);
    lock.release();
    throw error instanceof RunError ? error : writeError(path, error);
  }
}

function makeWriter(directory: string, file: number, end: JournalEnd, release: () => void): RunWriter {
  const path = journalPath(directory);
  const { id } = end;
  const listeners = new Set<(event: RunEvent) => void>();
  let { size, seq } = end;
  let lastProgress = { phase: '', time: 0 };
  let closed = false;

  const append = (text: string, durable: boolean): void => {
    const bytes = Buffer.from(text);
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, size + done);
      if (durable) fsyncSync(file);
      size += bytes.length;
    } catch (error) {
      // Whatever part of the line got through goes again, so that the next line does not run into it.
      try {
        ftruncateSync(file, size);
      } catch {
        // Readers skip a torn line.
      }
      throw writeError(path, error);
    }
  };

  if (end.unterminated) append('\n', false);

  return {
    id,
    directory,
    emit: (event) => {
      if (closed) throw new RunError(`the run ${id} is closed`);
      const now = Date.now();
      if (event.type === 'progress') {
        const soon = event.phase === lastProgress.phase && now - lastProgress.time < PROGRESS_INTERVAL_MS;
        if (soon && event.step < event.total) return;
        lastProgress = { phase: event.phase, time: now };
      }
      const { type, ...body } = event;
      const line = { v: JOURNAL_VERSION, seq, time: new Date(now).toISOString(), type, ...body } as RunEvent;
      append(`${JSON.stringify(line)}\n`, !fleeting.has(type));
      seq++;
      for (const listener of listeners) listener(line);
    },
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      if (closed) return;
      closed = true;
      closeSync(file);
      release();
    },
  };
}

/** A new file is on the disk for good when its folder is. */
function syncDirectory(directory: string): void {
  // Windows can't do that, and need not.
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
