import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { createRun, resumeRun } from '../../../src/runs/journal';
import { journalPath } from '../../../src/runs/paths';
import { readRun } from '../../../src/runs/read';
import { newRun, scratchFolder } from './scratch';

const disk = vi.hoisted(() => ({ free: Infinity }));

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const writeSync = (file: number, bytes: Buffer, offset: number, length: number, position: number): number => {
    if (disk.free <= 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const written = fs.writeSync(file, bytes, offset, Math.min(length, disk.free), position);
    disk.free -= written;
    return written;
  };
  return { ...fs, writeSync };
});

const folder = scratchFolder();
afterEach(() => {
  disk.free = Infinity;
});

it('a full disk is said, nothing written before is lost, and the run goes on once there is room', async () => {
  const run = createRun(folder.path, newRun);
  const before = readFileSync(journalPath(run.directory));
  disk.free = 25;
  expect(() => run.emit({ type: 'message', level: 'info', text: 'more than fits' })).toThrow(
    /can't write .*journal\.jsonl: no space is left on the disk/,
  );
  expect(readFileSync(journalPath(run.directory))).toEqual(before);

  disk.free = Infinity;
  run.emit({ type: 'message', level: 'info', text: 'after all' });
  run.close();
  resumeRun(run.directory).close();
  expect((await readRun(run.directory)).messages).toMatchObject([{ text: 'after all' }]);
});
