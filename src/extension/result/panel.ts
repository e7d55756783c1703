import { resolve } from 'node:path';
import { commands, Uri, workspace, type Disposable, type LogOutputChannel, type WebviewPanel } from 'vscode';
import { fromResultPanel, type FromResultPanel, type RunPanelState, type ToResultPanel } from '../../protocol/webview';
import { emptyState, type RunState } from '../../runs/snapshot';
import { commandIds } from '../ids';
import { Page, panelIcon } from '../panels/page';
import type { Runs } from '../runs/runs';
import { followState } from '../runs/follow-state';
import { runView } from './run-view';

/** What a panel shows of one run, live while it goes. */
export class ResultPanel implements Disposable {
  private readonly following = new AbortController();
  private readonly page: Page<ToResultPanel, FromResultPanel>;
  private state: RunState = emptyState;

  constructor(
    private readonly run: Uri,
    private readonly panel: WebviewPanel,
    extensionUri: Uri,
    private readonly runs: Runs,
    private readonly log: LogOutputChannel,
  ) {
    panel.iconPath = panelIcon(extensionUri);
    this.page = new Page({
      ...{ webview: panel.webview, extensionUri, log, name: 'result', title: 'PocketFlow Result' },
      state: { run: run.toString() } satisfies RunPanelState,
      messages: fromResultPanel,
      onMessage: (message) => this.act(message),
    });
    this.follow();
  }

  /** Only the window that started a run can stop it. */
  private get isOurs(): boolean {
    return this.runs.active?.reference.directory === this.run.fsPath;
  }

  dispose(): void {
    this.following.abort();
    this.page.dispose();
  }

  private follow(): void {
    const following = followState(this.run.fsPath, this.following.signal, (state, status) => {
      this.state = state;
      const view = runView(state, status, this.isOurs);
      this.panel.title = `Result: ${view.title}`;
      this.page.send({ type: 'run', run: view });
    });
    following.catch((error: unknown) => this.log.error(error instanceof Error ? error : String(error)));
  }

  private async act(message: FromResultPanel): Promise<void> {
    switch (message.type) {
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
        return;
      case 'showLayers':
        await commands.executeCommand(commandIds.showLayers, this.run);
    }
  }

  private async onArtifact(index: number, command: string): Promise<void> {
    const artifact = this.state.artifacts[index];
    if (artifact) await commands.executeCommand(command, Uri.file(resolve(this.run.fsPath, artifact.path)));
  }
}
