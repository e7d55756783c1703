import type { LogOutputChannel, Uri } from 'vscode';
import { viewTypes } from '../ids';
import { RunPanels } from '../panels/run-panels';
import type { Runs } from '../runs/runs';

/** Panels that tell what a run has come to. */
export function resultPanels(extensionUri: Uri, runs: Runs, log: LogOutputChannel): RunPanels {
  return new RunPanels({
    viewType: viewTypes.result,
    title: 'PocketFlow Result',
    load: async () => {
      const { ResultPanel } = await import('./panel');
      return (run, panel) => new ResultPanel(run, panel, extensionUri, runs, log);
    },
  });
}
