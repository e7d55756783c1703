import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { ModelFacts, NewEvent } from '../../../src/runs/events';
import type { NewRun } from '../../../src/runs/journal';

/** A folder for each test of the file; call at the top. */
export function scratchFolder(): { path: string } {
  const folder = { path: '' };
  beforeEach(() => {
    folder.path = mkdtempSync(join(tmpdir(), 'runs-'));
  });
  afterEach(() => {
    rmSync(folder.path, { recursive: true, force: true });
  });
  return folder;
}

export const newRun: NewRun = { name: 'LeNet, small', config: { model: 'lenet' }, version: '0.1.0' };

export const facts: ModelFacts = { accuracy: 99.1, flops: 1000, params: 200, nonzero: 200 };

export const milestones: NewEvent[] = [
  { type: 'stage.started', stage: 0, learner: 'channel', target: 'flops 0.5' },
  { type: 'measured', what: 'before', facts },
  { type: 'artifact', path: 'out/größer.onnx', format: 'onnx', bytes: 12 },
];
