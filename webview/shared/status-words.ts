import type { RunView } from '../../src/protocol/webview';

export const statusWords: Readonly<Record<RunView['status'], string>> = {
  running: 'Running',
  finished: 'Finished',
  stopped: 'Stopped',
  failed: 'Failed',
  dead: 'Interrupted',
};
