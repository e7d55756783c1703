import { MarkdownString, StatusBarAlignment, Uri, window, type Disposable } from 'vscode';
import { commandIds } from '../ids';
import { progressText } from './progress-text';
import type { RunList } from './run-list';
import { configName, runDetails } from './run-words';
import type { Runs } from './runs';

/** The progress of the run under way in the status bar: this window's, or one that was started elsewhere. */
export class RunStatusItem implements Disposable {
  private readonly item = window.createStatusBarItem('pocketflow.run', StatusBarAlignment.Left);
  private readonly subscriptions: readonly Disposable[];

  constructor(
    private readonly runs: Runs,
    private readonly list: RunList,
  ) {
    this.item.name = 'PocketFlow';
    this.subscriptions = [runs.onDidChange(() => this.update()), list.onDidChange(() => this.update())];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.item.dispose();
  }

  private update(): void {
    const own = this.runs.active;
    const listed = this.list.runs.filter(({ status }) => status === 'running');
    const other = listed[0];
    if (own) {
      const known = listed.find(({ directory }) => directory === own.reference.directory);
      this.show(progressText(own.state), own.reference.directory, known ? runDetails(known) : own.reference.id);
    } else if (other) {
      const more = listed.length > 1 ? ` (and ${listed.length - 1} more)` : '';
      this.show(`${configName(other)}: ${progressText(other)}${more}`, other.directory, runDetails(other));
    } else {
      this.item.hide();
    }
  }

  private show(text: string, directory: string, details: string): void {
    this.item.text = `$(sync~spin) PocketFlow: ${text}`;
    this.item.tooltip = new MarkdownString(`${details}\n\nShow the result of this run as it comes`);
    this.item.command = { command: commandIds.showResult, title: 'Show Result', arguments: [Uri.file(directory)] };
    this.item.accessibilityInformation = { label: `PocketFlow: ${text}`, role: 'button' };
    this.item.show();
  }
}
