import { ProgressLocation, window } from 'vscode';
import type { Runs } from './runs';

/** Says that the engine starts until `started` settles, with a button that stops it; then the status bar tells more. */
export async function withStartNotification(title: string, runs: Runs, started: Promise<void>): Promise<void> {
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  await window.withProgress(options, async (progress, cancellation) => {
    progress.report({ message: 'starting the engine' });
    const cancelling = cancellation.onCancellationRequested(() => void runs.stop());
    await started;
    cancelling.dispose();
  });
}
