import { Uri, ViewColumn, window, type Disposable, type WebviewPanel } from 'vscode';

/** Fills a webview with what there is to be seen of a run. */
export type Fill = (run: Uri, panel: WebviewPanel) => Disposable;

export interface PanelKind {
  readonly viewType: string;
  /** Until the content gives it a better one. */
  readonly title: string;
  /** Loads the content's code when it is first needed. */
  readonly load: () => Promise<Fill>;
}

/** The panels of one kind that are open, one for a run. */
export class RunPanels implements Disposable {
  private readonly open = new Map<string, WebviewPanel>();
  private readonly contents = new Set<Disposable>();
  private readonly serializer: Disposable;

  constructor(private readonly kind: PanelKind) {
    this.serializer = window.registerWebviewPanelSerializer(kind.viewType, {
      deserializeWebviewPanel: (panel, state) => this.restore(panel, state),
    });
  }

  /** Opens the panel of the run in this folder beside the editor, or brings it to the front. */
  async show(run: Uri): Promise<void> {
    const open = this.open.get(run.toString());
    if (open) return open.reveal(undefined, true);
    const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    await this.fill(run, window.createWebviewPanel(this.kind.viewType, this.kind.title, place));
  }

  /** Whether the run's panel is in view now. */
  isVisible(run: Uri): boolean {
    return this.open.get(run.toString())?.visible ?? false;
  }

  dispose(): void {
    this.serializer.dispose();
    for (const content of this.contents) content.dispose();
  }

  private async restore(panel: WebviewPanel, state: unknown): Promise<void> {
    const { runPanelState } = await import('../../protocol/webview');
    const kept = runPanelState.safeParse(state);
    if (kept.success) await this.fill(Uri.parse(kept.data.run), panel);
    else panel.dispose();
  }

  private async fill(run: Uri, panel: WebviewPanel): Promise<void> {
    const key = run.toString();
    this.open.set(key, panel);
    panel.onDidDispose(() => this.open.delete(key));
    const fill = await this.kind.load();
    // Closed already.
    if (this.open.get(key) !== panel) return;
    const content = fill(run, panel);
    this.contents.add(content);
    panel.onDidDispose(() => {
      this.contents.delete(content);
      content.dispose();
    });
  }
}
