import { basename, dirname } from 'node:path';
import type { RunView } from '../../protocol/webview';
import type { RunStatus } from '../../runs/read';
import type { RunState } from '../../runs/snapshot';

/** What the result panel shows of a run; `stoppable`: this window has it under way. */
export function runView(state: RunState, status: RunStatus, stoppable: boolean): RunView {
  const { phase, progress } = state;
  const name = progress?.phase ?? phase?.phase;
  return {
    id: state.id,
    title: state.configPath === undefined ? state.id : basename(state.configPath),
    status,
    stoppable: stoppable && status === 'running',
    startedAt: state.startedAt,
    seconds: state.seconds,
    executor: state.executor,
    stage: state.stage,
    phase:
      name === undefined || status !== 'running'
        ? undefined
        : {
            name,
            share: progress && progress.total > 0 ? Math.min(1, progress.step / progress.total) : undefined,
            eta: progress?.eta,
          },
    epochs: [...state.epochs],
    stages: [...state.layers].sort(([a], [b]) => a - b).map(([stage, layers]) => ({ stage, layers: [...layers] })),
    before: state.before,
    after: state.after,
    artifacts: state.artifacts.map(({ path, format, bytes }) => ({ name: nameOf(path), format, bytes })),
    messages: state.messages.filter(({ level }) => level !== 'info'),
    failure: state.failure,
    stopReason: state.stopReason,
  };
}

/** A model.json says little without its folder. */
function nameOf(path: string): string {
  const file = basename(path);
  return file === 'model.json' ? `${basename(dirname(path))}/${file}` : file;
}
