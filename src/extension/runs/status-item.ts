import { StatusBarAlignment, window, type Disposable } from 'vscode';
import { commandIds } from '../ids';
import { progressText } from './progress-text';
import type { Runs } from './runs';

/** The progress of the run under way in the status bar. */
export class RunStatusItem implements Disposable {
  private readonly item = window.createStatusBarItem('pocketflow.run', StatusBarAlignment.Left);
  private readonly subscription: Disposable;

  constructor(runs: Runs) {
    this.item.name = 'PocketFlow';
    this.item.command = commandIds.showResult;
    this.subscription = runs.onDidChange((run) => {
      if (!run) return this.item.hide();
      const text = progressText(run.state);
      this.item.text = `$(sync~spin) PocketFlow: ${text}`;
      this.item.tooltip = 'Show the result of this run as it comes';
      this.item.accessibilityInformation = { label: `PocketFlow: ${text}`, role: 'button' };
      this.item.show();
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.item.dispose();
  }
}
