import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { createRun } from '../../../src/runs/journal';
import { findRun, listRuns } from '../../../src/runs/list';
import { runsDirectory } from '../../../src/runs/paths';
import { newRunId } from '../../../src/runs/run-id';
import { facts, newRun, scratchFolder } from './scratch';

const folder = scratchFolder();

it('a workspace without runs has an empty list', async () => {
  expect(await listRuns(folder.path)).toEqual([]);
});

it('knows how a run ended, however long its journal is', async () => {
  const run = createRun(folder.path, newRun);
  const text = 'x'.repeat(1000);
  for (let line = 0; line < 300; line++) run.emit({ type: 'message', level: 'info', text });
  run.emit({ type: 'run.finished', before: facts, after: { ...facts, flops: 500 }, seconds: 3 });
  run.close();
  expect(await listRuns(folder.path)).toMatchObject([{ id: run.id, status: 'finished', after: { flops: 500 } }]);
});

it('the latest run comes first; folders that are no run are left out', async () => {
  mkdirSync(join(runsDirectory(folder.path), 'zzz'), { recursive: true });
  const ids = [1, 2, 3].map(() => {
    const run = createRun(folder.path, newRun);
    run.close();
    return run.id;
  });
  expect((await listRuns(folder.path)).map(({ id }) => id)).toEqual(ids.sort().reverse());
});

it('ids sort by time and say what the run is', () => {
  const early = newRunId('ResNet 20/CIFAR!', new Date('2025-03-04T05:06:07Z'));
  expect(early).toMatch(/^20250304-050607-resnet-20-cifar-[0-9a-f]{4}$/);
  expect(newRunId('a', new Date('2025-03-04T05:06:08Z')) > early).toBe(true);
});

it('a run is found by id, the beginning of its id, its folder, or as the latest', async () => {
  const run = createRun(folder.path, newRun);
  run.close();
  for (const wanted of [run.id, run.id.slice(0, 10), relative(folder.path, run.directory), run.directory, 'latest']) {
    expect(await findRun(folder.path, wanted), wanted).toBe(run.directory);
  }
  expect(await findRun('/', run.directory)).toBe(run.directory);
});

it('says which run there is where the wanted one is not', async () => {
  await expect(findRun(folder.path, 'latest')).rejects.toThrow(/there is no run "latest"/);
  const run = createRun(folder.path, newRun);
  run.close();
  await expect(findRun(folder.path, 'nope')).rejects.toMatchObject({ hint: expect.stringContaining(run.id) });
});

it('the beginning of several ids is not enough', async () => {
  createRun(folder.path, newRun).close();
  createRun(folder.path, newRun).close();
  await expect(findRun(folder.path, '2')).rejects.toThrow(/several runs/);
});
