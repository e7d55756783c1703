import { watch } from 'chokidar';
import { open } from 'node:fs/promises';
import { parseEvent, type RunEvent } from './events';
import { journalPath } from './paths';

export interface FollowOptions {
  /** Ends the following. */
  readonly signal?: AbortSignal;
  /** Leaves out events up to and with this number. */
  readonly after?: number;
  /** End by itself once the run has finished, failed or stopped; else it may go on when the run is resumed. */
  readonly untilEnd?: boolean;
  /** Longest time that passes unnoticed where the file system does not report changes, milliseconds. */
  readonly pollInterval?: number;
}

const ends: ReadonlySet<RunEvent['type']> = new Set(['run.finished', 'run.failed', 'run.stopped']);

/**
 * The events of a run: those that are there, then each as it is written, by whatever process. A line is taken once it is
 * complete, and a journal that does not exist yet is waited for.
 */
export async function* followRun(directory: string, options: FollowOptions = {}): AsyncGenerator<RunEvent, void, void> {
  const { signal, after = -1, untilEnd = false, pollInterval = 1000 } = options;
  const path = journalPath(directory);
  const bell = new Bell();
  const watcher = watch(directory, { depth: 0, ignoreInitial: true }).on('all', () => bell.ring());
  const onAbort = (): void => bell.ring();
  signal?.addEventListener('abort', onAbort);
  let offset = 0;
  try {
    while (!signal?.aborted) {
      const { text, end } = await readLines(path, offset);
      offset = end;
      let ended = false;
      for (const line of text.split('\n')) {
        const event = parseEvent(line);
        if (!event) continue;
        ended = ends.has(event.type);
        if (event.seq > after) yield event;
        if (signal?.aborted) return;
      }
      if (ended && untilEnd) return;
      if (text === '') await bell.wait(pollInterval);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await watcher.close();
  }
}

const CHUNK_BYTES = 1 << 20;

/** Whole lines from `offset`, and where the next ones begin. */
async function readLines(path: string, offset: number): Promise<{ text: string; end: number }> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return { text: '', end: offset };
  try {
    const parts: Buffer[] = [];
    for (let position = offset; ;) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, position);
      parts.push(buffer.subarray(0, bytesRead));
      position += bytesRead;
      if (bytesRead < CHUNK_BYTES) break;
    }
    const bytes = Buffer.concat(parts);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    return { text: bytes.toString('utf8', 0, whole), end: offset + whole };
  } finally {
    await file.close();
  }
}

/** Wakes whoever waits; a ring that nobody waits for is remembered. */
class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  async wait(milliseconds: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.wake = undefined;
    this.rung = false;
  }
}
