import { ProgressLocation, window } from 'vscode';
import { progressText } from './progress-text';
import type { Runs } from './runs';

/** Shows the run's progress with a button that stops it for as long as `work` takes. */
export async function withRunProgress<T>(title: string, runs: Runs, work: () => Promise<T>): Promise<T> {
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return window.withProgress(options, async (progress, cancellation) => {
    let shown = '';
    const report = (message: string): void => {
      if (message !== shown) progress.report({ message: (shown = message) });
    };
    report('starting the engine');
    const watching = runs.onDidChange((run) => {
      if (run && !cancellation.isCancellationRequested) report(progressText(run.state));
    });
    const cancelling = cancellation.onCancellationRequested(() => void runs.stop());
    try {
      return await work();
    } finally {
      watching.dispose();
      cancelling.dispose();
    }
  });
}
