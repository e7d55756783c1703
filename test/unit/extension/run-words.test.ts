import { describe, expect, it } from 'vitest';
import { configName, isResumable, runDescription, runDetails } from '../../../src/extension/runs/run-words';
import type { RunSummary } from '../../../src/runs/list';

const run: RunSummary = {
  id: '20250304-050607-lenet-9f3c',
  directory: '/w/.pocketflow/runs/20250304-050607-lenet-9f3c',
  configPath: '/w/lenet.pocketflow.yaml',
  status: 'running',
  startedAt: '2025-03-04T05:06:07Z',
  updatedAt: '2025-03-04T05:07:10Z',
  hasLayers: false,
  artifacts: [],
};
const before = { flops: 200, params: 100, nonzero: 100, accuracy: 98.9 };
const after = { flops: 99, params: 50, nonzero: 50, accuracy: 98.75 };

describe('a run in the list', () => {
  it('says what it came to once it has finished', () => {
    expect(runDescription({ ...run, status: 'finished', before, after })).toBe('98.75 % · 49.5 % FLOPs');
  });

  it('says how far it is while it goes', () => {
    const progress = { phase: 'fine-tune', step: 1, total: 4 };
    expect(runDescription({ ...run, progress, validationAccuracy: 97.5 })).toBe('fine-tune 25 % · validation 97.50 %');
    expect(runDescription({ ...run, phase: { phase: 'search' }, search: { trials: 7 } })).toBe('search · trial 7');
  });

  it('says how it ended when it did not finish', () => {
    expect(runDescription({ ...run, status: 'dead' })).toBe('interrupted');
  });

  it('has details with both accuracies and the time that it took', () => {
    const details = runDetails({ ...run, status: 'finished', before, after });
    expect(details).toContain('accuracy 98.90 % → 98.75 %');
    expect(details).toContain('1 min 03 s');
  });

  it('goes by the name of its config', () => {
    expect(configName(run)).toBe('lenet.pocketflow.yaml');
    expect(configName({ id: 'a' })).toBe('a');
  });

  it('can be resumed when it has ended early', () => {
    const can = (['running', 'finished', 'stopped', 'failed', 'dead'] as const).filter((s) =>
      isResumable({ status: s }),
    );
    expect(can).toEqual(['stopped', 'failed', 'dead']);
  });
});
