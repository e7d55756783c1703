import { EventEmitter, Uri, window, workspace, type Disposable, type TextDocumentContentProvider } from 'vscode';

const scheme = 'pocketflow-report';

/** Read-only documents with what the command line has found out. */
export class Reports implements TextDocumentContentProvider, Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new EventEmitter<Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = workspace.registerTextDocumentContentProvider(scheme, this);

  /** Shows a text under a title; another one under the same title takes its place. */
  async show(title: string, text: string): Promise<void> {
    const uri = Uri.from({ scheme, path: `/${title}` });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    await window.showTextDocument(uri, { preview: true });
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.texts.get(uri.path) ?? 'This report was made before the window was reloaded: ask for it again.';
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
