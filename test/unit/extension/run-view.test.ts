import { describe, expect, it } from 'vitest';
import { runView as schema } from '../../../src/protocol/webview';
import { runView } from '../../../src/extension/result/run-view';
import type { NewEvent } from '../../../src/runs/events';
import { emptyState, reduceRun, type RunState } from '../../../src/runs/snapshot';

const start: NewEvent = {
  type: 'run.started',
  id: 'a-run',
  config: {},
  configPath: '/home/me/lenet.pocketflow.yaml',
  version: '1.0.0',
  pid: 1,
  host: 'here',
};
const stateAfter = (...events: NewEvent[]): RunState =>
  [start, ...events].map((event, seq) => ({ v: 1, seq, time: '', ...event })).reduce(reduceRun, emptyState);

describe('runView', () => {
  it('is what the panel accepts, at the start of a run and at its end', () => {
    const facts = { flops: 2, params: 1, nonzero: 1 };
    const end: NewEvent = { type: 'run.finished', before: facts, after: facts, seconds: 3 };
    for (const state of [stateAfter(), stateAfter(end)]) {
      expect(schema.safeParse(runView(state, 'running', true)).success).toBe(true);
    }
  });

  it('shows no path of the machine', () => {
    const state = stateAfter(
      { type: 'artifact', path: '/home/me/out/lenet.onnx', format: 'onnx', bytes: 7 },
      { type: 'artifact', path: '/home/me/out/lenet-tfjs/model.json', format: 'tfjs', bytes: 7 },
    );
    const view = runView(state, 'finished', false);
    expect(view.artifacts.map(({ name }) => name)).toEqual(['lenet.onnx', 'lenet-tfjs/model.json']);
    expect(JSON.stringify(view)).not.toContain('/home/me');
  });

  it('tells how far the phase is while the run goes, and no longer', () => {
    const state = stateAfter({ type: 'progress', phase: 'train', step: 1, total: 4, eta: 9 });
    expect(runView(state, 'running', true).phase).toEqual({ name: 'train', share: 0.25, eta: 9 });
    expect(runView(state, 'dead', true)).toMatchObject({ phase: undefined, stoppable: false });
  });

  it('lists the layers of each stage, in order', () => {
    const layer = { name: 'conv1', kind: 'conv2d', channels: [2, 1], flops: [2, 1], params: [2, 1], sparsity: 0 };
    const layers = [layer] as Extract<NewEvent, { type: 'layers' }>['layers'];
    const state = stateAfter({ type: 'layers', stage: 1, layers }, { type: 'layers', stage: 0, layers });
    expect(runView(state, 'running', true).stages.map(({ stage }) => stage)).toEqual([0, 1]);
  });
});
