import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createRun } from '../../../src/runs/journal';
import type { RunSummary } from '../../../src/runs/list';
import { lockPath } from '../../../src/runs/paths';
import { watchRuns } from '../../../src/runs/watch';
import { facts, newRun, scratchFolder } from './scratch';

const folder = scratchFolder();
let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

/** What the watcher has told last. */
function watched(pollInterval = 60_000): { runs: readonly RunSummary[] | undefined; calls: number } {
  const told: { runs: readonly RunSummary[] | undefined; calls: number } = { runs: undefined, calls: 0 };
  const listener = (runs: readonly RunSummary[]): void => {
    told.runs = runs;
    told.calls++;
  };
  stop = watchRuns(folder.path, listener, { throttle: 10, pollInterval });
  return told;
}

it('tells of a run that another process begins, and of its progress and end', async () => {
  const told = watched();
  await vi.waitFor(() => expect(told.runs).toEqual([]));
  const run = createRun(folder.path, newRun);
  await vi.waitFor(() => expect(told.runs).toMatchObject([{ id: run.id, status: 'running' }]));
  run.emit({ type: 'progress', phase: 'fine-tune', step: 3, total: 4 });
  await vi.waitFor(() => expect(told.runs?.[0]?.progress).toMatchObject({ phase: 'fine-tune', step: 3 }));
  run.emit({ type: 'run.finished', before: facts, after: facts, seconds: 1 });
  run.close();
  await vi.waitFor(() => expect(told.runs).toMatchObject([{ status: 'finished', after: facts }]));
});

it('tells of a deleted run', async () => {
  const run = createRun(folder.path, newRun);
  run.close();
  const told = watched();
  await vi.waitFor(() => expect(told.runs).toHaveLength(1));
  rmSync(run.directory, { recursive: true });
  await vi.waitFor(() => expect(told.runs).toEqual([]));
});

it('finds out that a process has died, which writes nothing', async () => {
  const run = createRun(folder.path, newRun);
  run.emit({ type: 'phase.started', phase: 'fine-tune' });
  const told = watched(20);
  await vi.waitFor(() => expect(told.runs).toMatchObject([{ status: 'running' }]));
  rmSync(lockPath(run.directory));
  await vi.waitFor(() => expect(told.runs).toMatchObject([{ status: 'dead', phase: { phase: 'fine-tune' } }]));
  run.close();
});

it('says nothing where nothing changes, and of other files of the workspace', async () => {
  createRun(folder.path, newRun).close();
  const told = watched(20);
  await vi.waitFor(() => expect(told.calls).toBe(1));
  mkdirSync(join(folder.path, 'src'));
  writeFileSync(join(folder.path, 'src', 'journal.jsonl'), '{}');
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(told.calls).toBe(1);
});

it('counts the trials of a search', async () => {
  const run = createRun(folder.path, newRun);
  run.emit({ type: 'search.started', stage: 0, sampler: 'tpe', objective: 'accuracy', trials: 9, space: [] });
  run.emit({ type: 'trial.started', stage: 0, trial: 4, decision: [], origin: 'tpe' });
  run.close();
  const told = watched();
  await vi.waitFor(() => expect(told.runs).toMatchObject([{ search: { trials: 5 } }]));
});
