import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, it } from 'vitest';
import { createRun, resumeRun } from '../../../src/runs/journal';
import { liveHolder } from '../../../src/runs/lock';
import { lockPath } from '../../../src/runs/paths';
import { readRun } from '../../../src/runs/read';
import { newRun, scratchFolder } from './scratch';

const folder = scratchFolder();

function lockedBy(holder: { pid: number; host: string }): string {
  const run = createRun(folder.path, newRun);
  run.close();
  writeFileSync(lockPath(run.directory), JSON.stringify({ ...holder, token: 't' }));
  return run.directory;
}

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

it('a second writer is refused and told who is at work', async () => {
  const run = createRun(folder.path, newRun);
  expect(() => resumeRun(run.directory)).toThrow(`is being written by process ${process.pid} on ${hostname()}`);
  expect((await readRun(run.directory)).status).toBe('running');
  run.close();
  resumeRun(run.directory).close();
});

it('the lock of a process that is gone is no obstacle', async () => {
  const directory = lockedBy({ pid: deadPid(), host: hostname() });
  expect((await readRun(directory)).status).toBe('dead');
  resumeRun(directory).close();
  expect(readdirSync(directory)).toEqual(['journal.jsonl']);
});

it('a writer on another host counts as long as it gives signs of life', async () => {
  const directory = lockedBy({ pid: deadPid(), host: 'elsewhere' });
  expect((await readRun(directory)).status).toBe('running');
  expect(() => resumeRun(directory)).toThrow(/on elsewhere/);

  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(lockPath(directory), longAgo, longAgo);
  expect((await readRun(directory)).status).toBe('dead');
  resumeRun(directory).close();
});

it('a process id that is in use again does not keep a run locked', () => {
  const directory = lockedBy({ pid: process.ppid, host: hostname() });
  expect(liveHolder(directory)?.pid).toBe(process.ppid);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(lockPath(directory), longAgo, longAgo);
  expect(liveHolder(directory)).toBeUndefined();
});

it('a lock that was cut while it was written is no obstacle', () => {
  const directory = lockedBy({ pid: 1, host: '' });
  writeFileSync(lockPath(directory), '{"pid":');
  resumeRun(directory).close();
  expect(existsSync(lockPath(directory))).toBe(false);
});

it('closing leaves the lock of another writer alone', () => {
  const run = createRun(folder.path, newRun);
  writeFileSync(lockPath(run.directory), JSON.stringify({ pid: 1, host: 'elsewhere', token: 't' }));
  run.close();
  expect(existsSync(lockPath(run.directory))).toBe(true);
});
