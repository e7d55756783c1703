import { hostname } from 'node:os';
import { type Uri, window } from 'vscode';
import { chooseRun } from '../runs/choose-run';
import type { Services } from '../services';

/** "Stop Compression": the run given, or the one that is going, whichever window or terminal has started it. */
export async function stopCompression(services: Services, given: unknown): Promise<void> {
  const { runs, runList } = services;
  const own = runs.active?.reference.directory;
  const isOwn = (run: Uri | undefined): boolean => run === undefined || run.fsPath === own;
  if (runs.busy && given === undefined) return runs.stop();
  const run = await chooseRun(runList, given, {
    accepts: ({ status }) => status === 'running',
    placeholder: 'Run to stop',
    none: 'No compression is going.',
  });
  if (!run) return;
  if (runs.busy && isOwn(run)) return runs.stop();
  const { liveHolder } = await import('../../runs/lock');
  const holder = liveHolder(run.fsPath);
  if (!holder) return;
  if (holder.host !== hostname()) {
    void window.showWarningMessage(`This run is going on ${holder.host}: stop it there.`);
    return;
  }
  // The engine takes this for the wish to end, and says so in the journal.
  process.kill(holder.pid, 'SIGTERM');
}
