import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { lockPath } from './paths';
import { RunError, writeError } from './run-error';

const holderSchema = z.object({ pid: z.number(), host: z.string(), token: z.string() });
export type LockHolder = z.infer<typeof holderSchema>;

/** How often a writer shows that it is alive. */
const HEARTBEAT_MS = 10_000;
/** Silence after which it is taken for dead; process ids are used again, and other hosts can't be asked. */
const STALE_MS = 120_000;

export interface RunLock {
  release(): void;
}

/**
 * Makes this process the only writer of a run.
 * @throws RunError naming the process that writes it already.
 */
export function lockRun(runDirectory: string): RunLock {
  const path = lockPath(runDirectory);
  const token = randomUUID();
  const content = JSON.stringify({ pid: process.pid, host: hostname(), token } satisfies LockHolder);
  // A stale lock is cleared once; if there is one again, somebody else was quicker.
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, content, { flag: 'wx' });
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw writeError(path, error);
    }
    const holder = liveHolder(runDirectory);
    if (holder || attempt > 0) throw busy(runDirectory, holder);
    clearStale(path);
  }
  const heartbeat = setInterval(() => {
    if (ownsLock(path, token)) utimesSync(path, new Date(), new Date());
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release: () => {
      clearInterval(heartbeat);
      if (ownsLock(path, token)) rmSync(path, { force: true });
    },
  };
}

/** The process that writes a run now, if one does. */
export function liveHolder(runDirectory: string): LockHolder | undefined {
  const path = lockPath(runDirectory);
  const holder = readHolder(path);
  if (!holder || silence(path) > STALE_MS) return undefined;
  return holder.host !== hostname() || isAlive(holder.pid) ? holder : undefined;
}

function busy(runDirectory: string, holder: LockHolder | undefined): RunError {
  const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process';
  return new RunError(
    `the run ${runDirectory} is being written by ${who}`,
    'stop that process first, or wait for its end',
  );
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function ownsLock(path: string, token: string): boolean {
  return readHolder(path)?.token === token;
}

function silence(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process is there and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Moves a dead process's lock away, and puts it back if what was moved is a lock that somebody took meanwhile. */
function clearStale(path: string): void {
  const stale = readHolder(path);
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    if (readHolder(aside)?.token !== stale?.token) linkSync(aside, path);
  } catch {
    // Gone or taken again: the next attempt to lock tells.
  }
  rmSync(aside, { force: true });
}
