import { describe, expect, it } from 'vitest';
import { progressText } from '../../../src/extension/runs/progress-text';

const progress = { type: 'progress', time: '', phase: 'fine-tune', step: 45, total: 100 } as const;

describe('progressText', () => {
  it('has something to say before the first event', () => {
    expect(progressText({})).toBe('preparing');
  });

  it('names a phase that does not say how far it is', () => {
    expect(progressText({ phase: { phase: 'write the model' } })).toBe('write the model');
    expect(progressText({ progress: { ...progress, total: 0 } })).toBe('fine-tune');
  });

  it('tells percent and time left', () => {
    expect(progressText({ progress })).toBe('fine-tune 45 %');
    expect(progressText({ progress: { ...progress, eta: 61.4 } })).toBe('fine-tune 45 %, 61 s left');
    expect(progressText({ progress: { ...progress, eta: 150 } })).toBe('fine-tune 45 %, 3 min left');
    expect(progressText({ progress: { ...progress, eta: 9000 } })).toBe('fine-tune 45 %, 2.5 h left');
  });

  it('does not say 100 % before the end', () => {
    expect(progressText({ progress: { ...progress, step: 9_999, total: 10_000 } })).toBe('fine-tune 99 %');
  });
});
