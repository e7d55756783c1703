import type { LogOutputChannel, Uri } from 'vscode';
import { viewTypes } from '../ids';
import { RunPanels } from '../panels/run-panels';

/** Panels that show how a run searches. */
export function searchPanels(extensionUri: Uri, log: LogOutputChannel): RunPanels {
  return new RunPanels({
    viewType: viewTypes.search,
    title: 'PocketFlow Search',
    load: async () => {
      const { SearchPanel } = await import('./panel');
      return (run, panel) => new SearchPanel(run, panel, extensionUri, log);
    },
  });
}
