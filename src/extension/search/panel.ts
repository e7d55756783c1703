import { basename } from 'node:path';
import { commands, Uri, type Disposable, type LogOutputChannel, type WebviewPanel } from 'vscode';
import type { RunPanelState } from '../../protocol/webview';
import { fromSearchPanel, type FromSearchPanel, type ToSearchPanel } from '../../protocol/webview-search';
import type { RunStatus } from '../../runs/read';
import type { SearchState, TrialState } from '../../runs/search-state';
import { emptyState, type RunState } from '../../runs/snapshot';
import { commandIds } from '../ids';
import { Page, panelIcon } from '../panels/page';
import { followState } from '../runs/follow-state';
import { searchView, trialView } from './search-view';

/** How a run searches, live; the page gets each trial once, and again when it has changed. */
export class SearchPanel implements Disposable {
  private readonly following = new AbortController();
  private readonly page: Page<ToSearchPanel, FromSearchPanel>;
  private state: RunState = emptyState;
  private status: RunStatus = 'running';
  private stage: number | undefined;
  /** What the page has got; undefined before it listens. */
  private sent: readonly TrialState[] | undefined;

  constructor(
    private readonly run: Uri,
    private readonly panel: WebviewPanel,
    extensionUri: Uri,
    log: LogOutputChannel,
  ) {
    panel.iconPath = panelIcon(extensionUri);
    this.page = new Page({
      ...{ webview: panel.webview, extensionUri, log, name: 'search', title: 'PocketFlow Search' },
      state: { run: run.toString() } satisfies RunPanelState,
      messages: fromSearchPanel,
      onReady: () => this.sendTrials([]),
      onMessage: (message) => this.act(message),
    });
    const following = followState(run.fsPath, this.following.signal, (state, status) => this.update(state, status));
    following.catch((error: unknown) => log.error(error instanceof Error ? error : String(error)));
  }

  dispose(): void {
    this.following.abort();
    this.page.dispose();
  }

  /** The one chosen, or else the latest. */
  private get search(): SearchState | undefined {
    const { searches } = this.state;
    return searches.get(this.stage ?? Math.max(...searches.keys()));
  }

  private update(state: RunState, status: RunStatus): void {
    this.state = state;
    this.status = status;
    const title = state.configPath === undefined ? state.id : basename(state.configPath);
    this.panel.title = `Search: ${title}`;
    const stages = [...state.searches.keys()].sort((a, b) => a - b);
    const { search } = this;
    this.page.send({ type: 'search', title, view: search && searchView(search, { title, status, stages }) });
    if (this.sent) this.sendTrials(this.sent);
  }

  /** @param known Trials that the page has got; none: it begins anew. */
  private sendTrials(known: readonly TrialState[]): void {
    const trials = this.search?.trials ?? [];
    const fresh = known.length === 0 || trials.length < known.length || trials[0]?.trial !== known[0]?.trial;
    const changed = fresh ? trials : trials.filter((trial, at) => trial !== known[at]);
    this.sent = trials;
    if (fresh || changed.length > 0) this.page.post({ type: 'trials', fresh, trials: changed.map(trialView) });
  }

  private async act(message: FromSearchPanel): Promise<void> {
    switch (message.type) {
      case 'showStage':
        this.stage = message.stage;
        this.sent = [];
        return this.update(this.state, this.status);
      case 'showResult':
        await commands.executeCommand(commandIds.showResult, this.run);
        return;
      case 'showLayers':
        await commands.executeCommand(commandIds.showLayers, this.run);
        return;
      case 'openConfig':
        if (this.state.configPath) await commands.executeCommand('vscode.open', Uri.file(this.state.configPath));
    }
  }
}
