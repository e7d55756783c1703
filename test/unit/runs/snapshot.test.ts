import { expect, it } from 'vitest';
import type { NewEvent } from '../../../src/runs/events';
import { createRun, resumeRun, type RunWriter } from '../../../src/runs/journal';
import { readRun, type RunSnapshot } from '../../../src/runs/read';
import { facts, newRun, scratchFolder } from './scratch';

const folder = scratchFolder();

async function after(...events: NewEvent[]): Promise<RunSnapshot> {
  const run = createRun(folder.path, newRun);
  return ended(run, ...events);
}

async function ended(run: RunWriter, ...events: NewEvent[]): Promise<RunSnapshot> {
  for (const event of events) run.emit(event);
  run.close();
  return readRun(run.directory);
}

function epoch(number: number, loss: number): NewEvent {
  const rest = { epochs: 3, trainAccuracy: 90, learningRate: 0.1, seconds: 1, executorBusy: 1 };
  return { type: 'epoch', phase: 'finetune', epoch: number, loss, ...rest };
}

it('a run that ended says how', async () => {
  expect(
    await after({ type: 'run.finished', before: facts, after: { ...facts, flops: 500 }, seconds: 3 }),
  ).toMatchObject({
    status: 'finished',
    before: facts,
    after: { flops: 500 },
    seconds: 3,
  });
  expect(await after({ type: 'run.stopped', reason: 'Ctrl-C' })).toMatchObject({
    status: 'stopped',
    stopReason: 'Ctrl-C',
  });
  expect(await after({ type: 'run.failed', message: 'no' })).toMatchObject({
    status: 'failed',
    failure: { message: 'no' },
  });
});

it('a run that did not end is dead once its process is gone', async () => {
  expect((await after({ type: 'phase.started', phase: 'train' })).status).toBe('dead');
});

it('keeps the config and what was measured', async () => {
  expect(await after({ type: 'measured', what: 'candidate', stage: 0, facts })).toMatchObject({
    config: { model: 'lenet' },
    candidate: facts,
  });
});

it('resuming takes back that it had stopped', async () => {
  const { directory } = await after({ type: 'run.stopped', reason: 'Ctrl-C' });
  const snapshot = await ended(resumeRun(directory));
  expect(snapshot.status).toBe('dead');
  expect(snapshot.stopReason).toBeUndefined();
});

it('progress belongs to its phase', async () => {
  const snapshot = await after(
    { type: 'phase.started', phase: 'train', total: 2 },
    { type: 'progress', phase: 'train', step: 2, total: 2 },
    { type: 'phase.started', phase: 'evaluate' },
  );
  expect(snapshot.phase?.phase).toBe('evaluate');
  expect(snapshot.progress).toBeUndefined();
});

it('epochs that were trained again after a crash count once', async () => {
  const { directory } = await after(epoch(1, 0.9), epoch(2, 0.8), epoch(3, 0.7));
  const snapshot = await ended(resumeRun(directory), epoch(2, 0.5));
  expect(snapshot.epochs.map(({ epoch, loss }) => [epoch, loss])).toEqual([
    [1, 0.9],
    [2, 0.5],
  ]);
});

it('an artifact that is written again counts once', async () => {
  const artifact = { type: 'artifact', path: 'model.onnx', format: 'onnx' } as const;
  const snapshot = await after({ ...artifact, bytes: 1 }, { ...artifact, bytes: 2 });
  expect(snapshot.artifacts).toMatchObject([{ bytes: 2 }]);
});
