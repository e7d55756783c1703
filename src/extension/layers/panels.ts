import type { LogOutputChannel, Uri } from 'vscode';
import { viewTypes } from '../ids';
import { RunPanels } from '../panels/run-panels';

/** Panels that show what a run has made of each layer. */
export function layerPanels(extensionUri: Uri, log: LogOutputChannel): RunPanels {
  return new RunPanels({
    viewType: viewTypes.layers,
    title: 'PocketFlow Layers',
    load: async () => {
      const { LayersPanel } = await import('./panel');
      return (run, panel) => new LayersPanel(run, panel, extensionUri, log);
    },
  });
}
