import { basename, dirname } from 'node:path';
import {
  CancellationTokenSource,
  commands,
  Disposable,
  RelativePattern,
  Uri,
  window,
  workspace,
  type CustomDocument,
  type CustomReadonlyEditorProvider,
  type LogOutputChannel,
  type WebviewPanel,
} from 'vscode';
import { fromModelView, inspectedModel, type FromModelView, type ToModelView } from '../../protocol/webview-model';
import type { Cli } from '../cli';
import { commandIds } from '../ids';
import { Page } from '../panels/page';

/** Wait for a writer to have finished before a file is read again. */
const SETTLE_MS = 500;

/** Shows what is in a model file. It is read by the command line: large models are nothing for the extension host. */
export class ModelEditor implements CustomReadonlyEditorProvider {
  constructor(
    private readonly extensionUri: Uri,
    private readonly cli: Cli,
    private readonly log: LogOutputChannel,
  ) {}

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel): void {
    const view = new ModelView(uri, panel, this.extensionUri, this.cli, this.log);
    panel.onDidDispose(() => view.dispose());
  }
}

/** The view of one model file, which is read again when it changes. */
class ModelView implements Disposable {
  private readonly page: Page<ToModelView, FromModelView>;
  private readonly watching: Disposable;
  private reading = new CancellationTokenSource();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly uri: Uri,
    { webview }: WebviewPanel,
    extensionUri: Uri,
    private readonly cli: Cli,
    log: LogOutputChannel,
  ) {
    this.page = new Page({
      ...{ webview, extensionUri, log, name: 'model', title: 'PocketFlow Model' },
      state: {},
      messages: fromModelView,
      onMessage: ({ type }) => this.act(type),
    });
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(uri, '..'), basename(uri.path)));
    const again = (): void => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.read(), SETTLE_MS);
    };
    this.watching = Disposable.from(watcher, watcher.onDidChange(again), watcher.onDidCreate(again));
    void this.read();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.reading.cancel();
    this.watching.dispose();
    this.page.dispose();
  }

  /** A model.json says little without its folder. */
  private get name(): string {
    const file = basename(this.uri.path);
    return file === 'model.json' ? `${basename(dirname(this.uri.path))}/${file}` : file;
  }

  private async read(): Promise<void> {
    this.reading.cancel();
    const reading = new CancellationTokenSource();
    this.reading = reading;
    const { name } = this;
    try {
      if (this.uri.scheme !== 'file') throw new Error('only models on a disk can be read');
      const { code, stdout, stderr } = await this.cli.run(['inspect', this.uri.fsPath, '--json'], reading.token);
      if (reading.token.isCancellationRequested) return;
      if (code !== 0) throw new Error(stderr.trim().replace(/^error: /, '') || `reading it ended with code ${code}`);
      this.page.send({ type: 'model', name, model: inspectedModel.parse(JSON.parse(stdout)) });
    } catch (error) {
      this.page.send({ type: 'failure', name, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private async act(type: FromModelView['type']): Promise<void> {
    if (type === 'compress') await commands.executeCommand(commandIds.newConfig, this.uri);
    else if (type === 'openAsText') await window.showTextDocument(this.uri);
  }
}
