import { Uri, ViewColumn, window, type Disposable, type LogOutputChannel, type WebviewPanel } from 'vscode';
import { viewTypes } from '../ids';
import type { Runs } from '../runs/runs';

/** The result panels that are open, one for a run. */
export class ResultPanels implements Disposable {
  private readonly open = new Map<string, WebviewPanel>();
  private readonly contents = new Set<Disposable>();
  private readonly serializer: Disposable;

  constructor(
    private readonly extensionUri: Uri,
    private readonly runs: Runs,
    private readonly log: LogOutputChannel,
  ) {
    this.serializer = window.registerWebviewPanelSerializer(viewTypes.result, {
      deserializeWebviewPanel: (panel, state) => this.restore(panel, state),
    });
  }

  /** Opens the panel of the run in this folder beside the editor, or brings it to the front. */
  async show(run: Uri): Promise<void> {
    const open = this.open.get(run.toString());
    if (open) return open.reveal(undefined, true);
    const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    await this.fill(run, window.createWebviewPanel(viewTypes.result, 'PocketFlow Result', place));
  }

  dispose(): void {
    this.serializer.dispose();
    for (const content of this.contents) content.dispose();
  }

  private async restore(panel: WebviewPanel, state: unknown): Promise<void> {
    const { resultPanelState } = await import('../../protocol/webview');
    const kept = resultPanelState.safeParse(state);
    if (kept.success) await this.fill(Uri.parse(kept.data.run), panel);
    else panel.dispose();
  }

  private async fill(run: Uri, panel: WebviewPanel): Promise<void> {
    const key = run.toString();
    this.open.set(key, panel);
    panel.onDidDispose(() => this.open.delete(key));
    const { ResultPanel } = await import('./panel');
    // Closed already.
    if (this.open.get(key) !== panel) return;
    const content = new ResultPanel(run, panel, this.extensionUri, this.runs, this.log);
    this.contents.add(content);
    panel.onDidDispose(() => {
      this.contents.delete(content);
      content.dispose();
    });
  }
}
