import { Disposable, Uri, ViewColumn, window, type LogOutputChannel, type WebviewPanel } from 'vscode';
import { resultPanelState } from '../../protocol/webview';
import { viewTypes } from '../ids';
import type { Runs } from '../runs/runs';
import { ResultPanel } from './panel';

/** The result panels that are open, one for a run. */
export class ResultPanels implements Disposable {
  private readonly panels = new Map<string, ResultPanel>();
  private readonly serializer: Disposable;

  constructor(
    private readonly extensionUri: Uri,
    private readonly runs: Runs,
    private readonly log: LogOutputChannel,
  ) {
    this.serializer = window.registerWebviewPanelSerializer(viewTypes.result, {
      deserializeWebviewPanel: (panel, state) => {
        const kept = resultPanelState.safeParse(state);
        if (kept.success) this.add(Uri.parse(kept.data.run), panel);
        else panel.dispose();
        return Promise.resolve();
      },
    });
  }

  /** Opens the panel of the run in this folder beside the editor, or brings it to the front. */
  show(run: Uri): void {
    const open = this.panels.get(run.toString());
    if (open) return open.reveal();
    const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    this.add(run, window.createWebviewPanel(viewTypes.result, 'PocketFlow Result', place));
  }

  dispose(): void {
    this.serializer.dispose();
    for (const panel of this.panels.values()) panel.dispose();
  }

  private add(run: Uri, webviewPanel: WebviewPanel): void {
    const key = run.toString();
    const panel = new ResultPanel(run, webviewPanel, this.extensionUri, this.runs, this.log);
    this.panels.set(key, panel);
    panel.onDidClose(() => this.panels.delete(key));
  }
}
