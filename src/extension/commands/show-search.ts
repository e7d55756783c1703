import { chooseRunOf } from '../runs/choose-run';
import type { Services } from '../services';

/** "Show Search": of the run given, of the latest of the config that is open, or of the one picked. */
export async function showSearch({ runList, searchPanels }: Services, given: unknown): Promise<void> {
  const run = await chooseRunOf(runList, given, {
    accepts: ({ search }) => search !== undefined,
    placeholder: 'Run whose search is to be shown',
    none: 'No run has searched yet.',
  });
  if (run) await searchPanels.show(run);
}
