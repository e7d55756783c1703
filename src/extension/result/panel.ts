import { resolve } from 'node:path';
import { commands, Uri, workspace, type Disposable, type LogOutputChannel, type WebviewPanel } from 'vscode';
import {
  fromResultPanel,
  type FromResultPanel,
  type ResultPanelState,
  type ToResultPanel,
} from '../../protocol/webview';
import { emptyState, type RunState } from '../../runs/snapshot';
import { commandIds } from '../ids';
import type { Runs } from '../runs/runs';
import { followState } from '../runs/follow-state';
import { runView } from './run-view';
import { webviewFolder, webviewHtml } from './html';

/** What a panel shows of one run, live while it goes. */
export class ResultPanel implements Disposable {
  private readonly following = new AbortController();
  private readonly receiving: Disposable;
  private state: RunState = emptyState;
  private latest: ToResultPanel | undefined;
  private listens = false;

  constructor(
    private readonly run: Uri,
    private readonly panel: WebviewPanel,
    extensionUri: Uri,
    private readonly runs: Runs,
    private readonly log: LogOutputChannel,
  ) {
    const { webview } = panel;
    const image = (name: string): Uri => Uri.joinPath(extensionUri, 'images', name);
    webview.options = { enableScripts: true, localResourceRoots: [webviewFolder(extensionUri)] };
    panel.iconPath = { light: image('file-light.svg'), dark: image('file-dark.svg') };
    this.receiving = webview.onDidReceiveMessage((message) => this.receive(message));
    webview.html = webviewHtml(webview, extensionUri, {
      name: 'result',
      title: 'PocketFlow Result',
      state: { run: run.toString() } satisfies ResultPanelState,
    });
    this.follow();
  }

  /** Only the window that started a run can stop it. */
  private get isOurs(): boolean {
    return this.runs.active?.reference.directory === this.run.fsPath;
  }

  dispose(): void {
    this.following.abort();
    this.receiving.dispose();
  }

  private follow(): void {
    const following = followState(this.run.fsPath, this.following.signal, (state, status) => {
      this.state = state;
      this.latest = { type: 'run', run: runView(state, status, this.isOurs) };
      this.panel.title = `Result: ${this.latest.run.title}`;
      this.send();
    });
    following.catch((error: unknown) => this.log.error(error instanceof Error ? error : String(error)));
  }

  private send(): void {
    if (this.listens && this.latest) void this.panel.webview.postMessage(this.latest);
  }

  private receive(sent: unknown): void {
    const message = fromResultPanel.safeParse(sent);
    if (!message.success) return this.log.warn(`result panel: ${message.error.message}`);
    void this.act(message.data);
  }

  private async act(message: FromResultPanel): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.listens = true;
        return this.send();
      case 'openArtifact':
        return this.onArtifact(message.index, 'vscode.open');
      case 'revealArtifact':
        return this.onArtifact(
          message.index,
          workspace.getWorkspaceFolder(this.run) ? 'revealInExplorer' : 'revealFileInOS',
        );
      case 'openConfig':
        if (this.state.configPath) await commands.executeCommand('vscode.open', Uri.file(this.state.configPath));
        return;
      case 'openLog':
        await commands.executeCommand(commandIds.openLog);
        return;
      case 'stop':
        await commands.executeCommand(commandIds.stop);
        return;
      case 'resume':
        await commands.executeCommand(commandIds.resume, this.run);
    }
  }

  private async onArtifact(index: number, command: string): Promise<void> {
    const artifact = this.state.artifacts[index];
    if (artifact) await commands.executeCommand(command, Uri.file(resolve(this.run.fsPath, artifact.path)));
  }
}
