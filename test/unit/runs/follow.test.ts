import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../../src/runs/events';
import { followRun, type FollowOptions } from '../../../src/runs/follow';
import { createRun } from '../../../src/runs/journal';
import { journalPath } from '../../../src/runs/paths';
import { milestones, newRun, scratchFolder } from './scratch';

const folder = scratchFolder();

async function collect(directory: string, options: FollowOptions): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of followRun(directory, options)) events.push(event);
  return events;
}

function line(seq: number, type: 'message' | 'run.stopped'): string {
  const time = new Date(0).toISOString();
  return `${JSON.stringify({ v: 1, seq, time, type, level: 'info', text: 'hello', reason: 'enough' })}\n`;
}

it('gives what is there, then what comes, up to the end', async () => {
  const run = createRun(folder.path, newRun);
  const [first, ...rest] = milestones;
  if (first) run.emit(first);
  const following = collect(run.directory, { untilEnd: true });
  for (const event of rest) run.emit(event);
  run.emit({ type: 'run.stopped', reason: 'enough' });
  run.close();
  expect((await following).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4]);
});

it('sees what another process writes, a journal that comes later included', async () => {
  const directory = join(folder.path, 'run');
  mkdirSync(directory);
  const script = `
    const { appendFileSync } = require('node:fs');
    const lines = ${JSON.stringify([line(0, 'message'), line(1, 'message'), line(2, 'run.stopped')])};
    const timer = setInterval(() => {
      if (lines.length === 0) return clearInterval(timer);
      appendFileSync(${JSON.stringify(journalPath(directory))}, lines.shift());
    }, 50);`;
  const writer = spawn(process.execPath, ['-e', script]);
  expect((await collect(directory, { untilEnd: true })).map(({ seq }) => seq)).toEqual([0, 1, 2]);
  writer.kill();
});

it('waits for the rest of a line', async () => {
  const run = createRun(folder.path, newRun);
  run.close();
  const path = journalPath(run.directory);
  const text = line(1, 'run.stopped');
  appendFileSync(path, text.slice(0, 30));
  const following = collect(run.directory, { untilEnd: true, pollInterval: 20 });
  setTimeout(() => appendFileSync(path, text.slice(30)), 100);
  expect((await following).map(({ type }) => type)).toEqual(['run.started', 'run.stopped']);
});

it('leaves out what the caller has already', async () => {
  const run = createRun(folder.path, newRun);
  run.emit({ type: 'run.stopped', reason: 'enough' });
  run.close();
  expect((await collect(run.directory, { untilEnd: true, after: 0 })).map(({ seq }) => seq)).toEqual([1]);
});

it('goes on past an end when the run is resumed, until it is told to stop', async () => {
  const run = createRun(folder.path, newRun);
  run.emit({ type: 'run.stopped', reason: 'enough' });
  const controller = new AbortController();
  const following = collect(run.directory, { signal: controller.signal, pollInterval: 20 });
  setTimeout(() => run.emit({ type: 'message', level: 'info', text: 'again' }), 50);
  setTimeout(() => controller.abort(), 300);
  expect((await following).at(-1)?.type).toBe('message');
  run.close();
});
