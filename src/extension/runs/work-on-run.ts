import { basename } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import type { Outcome, RunReference } from '../../protocol/messages';
import { readRun } from '../../runs/read';
import type { Services } from '../services';
import { showError } from '../show-error';
import { finishText } from './finish-text';
import type { Origin } from './runs';
import { withStartNotification } from './start-notification';

export interface WorkResult {
  readonly run: RunReference;
  readonly outcome: Outcome;
}

/** Has the engine work on a run to its end, in view of the user. */
export async function workOnRun(services: Services, origin: Origin): Promise<WorkResult | undefined> {
  const { runs, panels } = services;
  if (!workspace.isTrusted) {
    void window.showWarningMessage('PocketFlow compresses in trusted workspaces only.');
    return undefined;
  }
  if (runs.busy) {
    void window.showInformationMessage('A compression is under way: wait for its end, or stop it first.');
    return undefined;
  }
  let run: RunReference | undefined;
  let onStarted = (): void => undefined;
  const started = new Promise<void>((resolve) => (onStarted = resolve));
  void withStartNotification(`PocketFlow: ${basename(origin.config.fsPath)}`, runs, started);
  try {
    const outcome = await runs.work(origin, (reference) => {
      run = reference;
      onStarted();
      void panels.show(Uri.file(reference.directory));
    });
    if (!run) return undefined;
    if (outcome.state === 'failed') void showError(services, outcome);
    if (outcome.state === 'finished') await announce(services, run);
    return { run, outcome };
  } catch (error) {
    void showError(services, error, origin.config);
    return undefined;
  } finally {
    onStarted();
  }
}

async function announce({ panels, searchPanels }: Services, { directory }: RunReference): Promise<void> {
  const folder = Uri.file(directory);
  // Who watches the search goes on seeing what became of it; the notification leads to the result.
  if (!searchPanels.isVisible(folder)) await panels.show(folder);
  const text = finishText(await readRun(directory));
  // Not waited for: a notification may stay for hours.
  void window.showInformationMessage(text, 'Show Result').then((choice) => choice && panels.show(folder));
}
