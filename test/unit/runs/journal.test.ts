import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createRun, resumeRun } from '../../../src/runs/journal';
import { journalPath } from '../../../src/runs/paths';
import { parseJournal, readRun } from '../../../src/runs/read';
import { RunError } from '../../../src/runs/run-error';
import { facts, milestones, newRun, scratchFolder } from './scratch';

const folder = scratchFolder();

function smallRun(): string {
  const run = createRun(folder.path, newRun);
  for (const event of milestones) run.emit(event);
  run.close();
  return run.directory;
}

it('what is written is read back, numbered and dated', () => {
  const directory = smallRun();
  const events = parseJournal(readFileSync(journalPath(directory), 'utf8'));
  expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
  expect(events.slice(1)).toMatchObject(milestones);
  for (const { time } of events) expect(Date.parse(time)).toBeGreaterThan(0);
});

it('a journal cut at any byte is read up to the cut, and goes on from there', async () => {
  const whole = readFileSync(journalPath(smallRun()));
  const firstLine = whole.indexOf(0x0a);
  for (let length = firstLine; length <= whole.length; length++) {
    const directory = join(folder.path, `cut-${length}`);
    mkdirSync(directory);
    writeFileSync(journalPath(directory), whole.subarray(0, length));
    // Lines before the cut are whole, and one that lacks nothing but its end counts.
    const lines = whole.subarray(0, length + 1).filter((byte) => byte === 0x0a).length;

    expect((await readRun(directory)).seq, `read after ${length} bytes`).toBe(lines - 1);
    const run = resumeRun(directory);
    run.emit({ type: 'measured', what: 'after', facts });
    run.close();
    const text = readFileSync(journalPath(directory), 'utf8');
    const events = parseJournal(text);
    expect(text.endsWith('\n')).toBe(true);
    expect(events, `resumed after ${length} bytes`).toHaveLength(text.trimEnd().split('\n').length);
    expect(events.map(({ seq }) => seq)).toEqual([...Array(lines + 2).keys()]);
    expect(events.at(-2)?.type).toBe('run.resumed');
    expect(events.at(-1)).toMatchObject({ type: 'measured', what: 'after' });
  }
});

it('a journal cut within its first line says so, and is left as it is', async () => {
  const directory = smallRun();
  const start = readFileSync(journalPath(directory)).subarray(0, 20);
  writeFileSync(journalPath(directory), start);
  await expect(readRun(directory)).rejects.toThrow(/start of a run/);
  expect(() => resumeRun(directory)).toThrow(/does not begin with the start/);
  expect(readFileSync(journalPath(directory))).toEqual(start);
});

it('events of unknown types and foreign lines are skipped', async () => {
  const directory = smallRun();
  appendFileSync(
    journalPath(directory),
    '{"v":9,"seq":4,"time":"2030-01-01","type":"quantum.leap"}\nnonsense\n\0\0\0\n',
  );
  const run = resumeRun(directory);
  run.close();
  expect(await readRun(directory)).toMatchObject({ seq: 4, before: facts });
});

it('a run of a newer format is not resumed', () => {
  const directory = smallRun();
  const path = journalPath(directory);
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"v":1,', '"v":2,'));
  expect(() => resumeRun(directory)).toThrow(/written by PocketFlow 0\.1\.0/);
});

it('progress is thinned out, the last of a phase is not lost', () => {
  const run = createRun(folder.path, newRun);
  for (let step = 1; step <= 1000; step++) run.emit({ type: 'progress', phase: 'train', step, total: 1000 });
  run.emit({ type: 'progress', phase: 'evaluate', step: 1, total: 9 });
  run.close();
  const events = parseJournal(readFileSync(journalPath(run.directory), 'utf8')).filter(
    ({ type }) => type === 'progress',
  );
  expect(events.length).toBeLessThan(20);
  expect(events.slice(-2)).toMatchObject([
    { phase: 'train', step: 1000 },
    { phase: 'evaluate', step: 1 },
  ]);
});

it('listeners get what goes into the journal', () => {
  const run = createRun(folder.path, newRun);
  const listener = vi.fn();
  const end = run.onEvent(listener);
  run.emit({ type: 'message', level: 'info', text: 'one' });
  end();
  run.emit({ type: 'message', level: 'info', text: 'two' });
  run.close();
  expect(listener).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ seq: 1, text: 'one' }));
});

it('a folder that can not be written to is named', () => {
  writeFileSync(join(folder.path, '.pocketflow'), 'a file where the folder should be');
  expect(() => createRun(folder.path, newRun)).toThrow(RunError);
  expect(() => createRun(folder.path, newRun)).toThrow(/can't write .*\.pocketflow/);
});

it('a folder without a run is no run', async () => {
  await expect(readRun(folder.path)).rejects.toThrow(/there is no run in/);
  expect(() => resumeRun(folder.path)).toThrow(/there is no run in/);
});
