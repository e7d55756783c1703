import { chooseRunOf } from '../runs/choose-run';
import type { Services } from '../services';

/** "Show Layers": of the run given, of the latest of the config that is open, or of the one picked. */
export async function showLayers({ runList, layerPanels }: Services, given: unknown): Promise<void> {
  const run = await chooseRunOf(runList, given, {
    accepts: ({ hasLayers }) => hasLayers,
    placeholder: 'Run whose layers are to be shown',
    none: 'No run has got to its layers yet: run a compression first.',
  });
  if (run) await layerPanels.show(run);
}
