import { basename } from 'node:path';
import {
  commands,
  Disposable,
  window,
  workspace,
  type LogOutputChannel,
  type TextDocument,
  type Uri,
  type WebviewPanel,
} from 'vscode';
import { matchesLayer, ruleFor } from '../../config/layer-patterns';
import { layerLines } from '../../language/layer-lines';
import { setOverride } from '../../language/set-override';
import type { RunPanelState } from '../../protocol/webview';
import { fromLayersPanel, type FromLayersPanel, type ToLayersPanel } from '../../protocol/webview-layers';
import type { LayerFact } from '../../runs/events';
import { overallFacts } from '../../runs/layer-metrics';
import type { RunStatus } from '../../runs/read';
import { ConfigFile } from '../config/config-file';
import { commandIds } from '../ids';
import { Page, panelIcon } from '../panels/page';
import { followState } from '../runs/follow-state';
import { layersView, noWishes, wishesOf, type Wishes } from './layers-view';

type Override = Extract<FromLayersPanel, { type: 'override' }>;

/** What a run has made of each layer, beside what its config asks for; either can be reached from the other. */
export class LayersPanel implements Disposable {
  private readonly following = new AbortController();
  private readonly page: Page<ToLayersPanel, FromLayersPanel>;
  private readonly listening: Disposable;
  private config: ConfigFile | undefined;
  private title = '';
  private facts: readonly LayerFact[] = [];
  private status: RunStatus = 'running';
  private wishes: Wishes = noWishes;

  constructor(
    private readonly run: Uri,
    private readonly panel: WebviewPanel,
    extensionUri: Uri,
    private readonly log: LogOutputChannel,
  ) {
    panel.iconPath = panelIcon(extensionUri);
    this.page = new Page({
      ...{ webview: panel.webview, extensionUri, log, name: 'layers', title: 'PocketFlow Layers' },
      state: { run: run.toString() } satisfies RunPanelState,
      messages: fromLayersPanel,
      onMessage: (message) => this.act(message),
    });
    this.listening = Disposable.from(
      workspace.onDidChangeTextDocument(({ document }) => this.config?.isOf(document) && this.readWishes(document)),
      window.onDidChangeTextEditorSelection(({ textEditor: { document, selection } }) => {
        if (this.config?.isOf(document)) this.select(document, selection.active.line);
      }),
    );
    this.follow();
  }

  dispose(): void {
    this.following.abort();
    this.listening.dispose();
    this.page.dispose();
  }

  private follow(): void {
    const following = followState(this.run.fsPath, this.following.signal, (state, status) => {
      this.facts = overallFacts(state.layers);
      this.status = status;
      this.title = state.configPath === undefined ? state.id : basename(state.configPath);
      this.panel.title = `Layers: ${this.title}`;
      if (!this.config && state.configPath !== undefined) void this.attach(state.configPath);
      this.send();
    });
    following.catch((error: unknown) => this.log.error(error instanceof Error ? error : String(error)));
  }

  private async attach(path: string): Promise<void> {
    this.config = new ConfigFile(path);
    const document = await this.config.open();
    if (document) this.readWishes(document);
  }

  private readWishes(document: TextDocument): void {
    const wishes = wishesOf(document.getText());
    // While a line is being typed, what it said before is the best guess.
    if (wishes) this.wishes = wishes;
    this.send();
  }

  private send(): void {
    this.page.send({ type: 'layers', view: layersView(this.title, this.status, this.facts, this.wishes) });
  }

  private select(document: TextDocument, line: number): void {
    const { lines } = layerLines(document.getText());
    const patterns = lines.findLast((entry) => entry.line <= line && belongs(document, entry.line, line))?.patterns;
    const names = this.facts.map(({ name }) => name);
    const meant = names.filter((name) => patterns?.some((pattern) => matchesLayer(pattern, name)));
    this.page.send({ type: 'select', names: meant });
  }

  private async act(message: FromLayersPanel): Promise<void> {
    switch (message.type) {
      case 'reveal':
        return this.reveal(message.name);
      case 'override':
        return this.override(message);
      case 'showResult':
        await commands.executeCommand(commandIds.showResult, this.run);
    }
  }

  /** The last line that speaks of a layer decides. */
  private async reveal(name: string): Promise<void> {
    const document = await this.config?.open();
    if (!document) return;
    const { lines, summary } = layerLines(document.getText());
    const own = lines.findLast(({ patterns }) => patterns.some((pattern) => matchesLayer(pattern, name)));
    await this.config?.reveal(own?.line ?? summary ?? 0);
  }

  private async override({ name, key, value }: Override): Promise<void> {
    const document = await this.config?.open();
    if (!document) return;
    const change = setOverride(document.getText(), name, key, value ?? undefined);
    if (change) await this.config?.change(change);
    const { rules } = wishesOf(document.getText()) ?? this.wishes;
    const now = ruleFor(rules, name)[key];
    if (now !== (value ?? undefined)) {
      void window.showWarningMessage(
        change || value !== null
          ? `Another entry under \`layers\` decides \`${key}\` of ${name}: the last that matches does.`
          : `The \`${key}\` of ${name} comes from an entry for several layers.`,
      );
    }
    this.send();
  }
}

/** Whether a line is the entry's own, or further in. */
function belongs(document: TextDocument, entry: number, line: number): boolean {
  const indent = document.lineAt(entry).firstNonWhitespaceCharacterIndex;
  for (let at = entry + 1; at <= line; at++) {
    const { isEmptyOrWhitespace, firstNonWhitespaceCharacterIndex } = document.lineAt(at);
    if (!isEmptyOrWhitespace && firstNonWhitespaceCharacterIndex <= indent) return false;
  }
  return true;
}
