import { Uri, window, workspace, type Disposable, type LogOutputChannel, type TextEditor } from 'vscode';
import { layerLines, type LayerLines } from '../../language/layer-lines';
import type { LayerFact } from '../../runs/events';
import { overallFacts, tellingMetric, type LayerMetricId } from '../../runs/layer-metrics';
import type { RunSummary } from '../../runs/list';
import type { RunStatus } from '../../runs/read';
import { commandIds, languageId, settings } from '../ids';
import { followState } from '../runs/follow-state';
import type { RunList } from '../runs/run-list';
import { statusWords } from '../runs/run-words';
import { HeatDecorations } from './decorations';
import { heatOf } from './marks';

/** Long enough not to redraw while typing, short enough to feel immediate. */
const DELAY_MS = 120;

/** What is known of the latest run of a config that is looked at. */
interface Followed {
  readonly directory: string;
  readonly ending: AbortController;
  facts: readonly LayerFact[];
  status: RunStatus;
}

/** Shows in the configs that can be seen what their latest run has made of each layer, live while it goes. */
export class Heatmap implements Disposable {
  private readonly decorations = new HeatDecorations();
  private readonly followed = new Map<string, Followed>();
  private readonly subscriptions: readonly Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly runList: RunList,
    private readonly log: LogOutputChannel,
  ) {
    this.subscriptions = [
      runList.onDidChange(() => this.schedule()),
      window.onDidChangeVisibleTextEditors(() => this.schedule()),
      workspace.onDidChangeTextDocument(({ document }) => document.languageId === languageId && this.schedule()),
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(settings.heatmap) && this.schedule()),
    ];
    this.schedule();
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const { ending } of this.followed.values()) ending.abort();
    this.decorations.dispose();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.update();
    }, DELAY_MS);
  }

  private update(): void {
    const enabled = workspace.getConfiguration(settings.heatmap).get<boolean>('enabled', true);
    const editors = window.visibleTextEditors.filter(({ document }) => isConfig(document));
    this.follow(enabled ? editors.map(({ document }) => document.uri.fsPath) : []);
    for (const editor of editors) this.draw(editor);
  }

  /** Follows the latest run of each of these configs, and no other. */
  private follow(configs: readonly string[]): void {
    const wanted = new Map<string, RunSummary>();
    for (const config of configs) {
      const run = this.runList.latestOf(config, ({ hasLayers }) => hasLayers);
      if (run) wanted.set(config, run);
    }
    for (const [config, { directory, ending }] of this.followed) {
      if (wanted.get(config)?.directory === directory) continue;
      ending.abort();
      this.followed.delete(config);
    }
    for (const [config, { directory, status }] of wanted) {
      if (!this.followed.has(config)) this.begin(config, directory, status);
    }
  }

  private begin(config: string, directory: string, status: RunStatus): void {
    const followed: Followed = { directory, ending: new AbortController(), facts: [], status };
    this.followed.set(config, followed);
    let stages: unknown;
    const following = followState(directory, followed.ending.signal, (state, now) => {
      if (state.layers === stages && now === followed.status) return;
      stages = state.layers;
      followed.facts = overallFacts(state.layers);
      followed.status = now;
      this.schedule();
    });
    following.catch((error: unknown) => this.log.error(error instanceof Error ? error : String(error)));
  }

  private draw(editor: TextEditor): void {
    const followed = this.followed.get(editor.document.uri.fsPath);
    if (!followed || followed.facts.length === 0) return this.decorations.clear(editor);
    const lines: LayerLines = layerLines(editor.document.getText());
    this.decorations.draw(editor, heatOf(lines, followed.facts, metricFor(followed.facts)), originOf(followed));
  }
}

function isConfig({ languageId: language, uri }: { languageId: string; uri: Uri }): boolean {
  return language === languageId && uri.scheme === 'file';
}

function metricFor(facts: readonly LayerFact[]): LayerMetricId {
  const set = workspace.getConfiguration(settings.heatmap).get<'auto' | LayerMetricId>('metric', 'auto');
  return set === 'auto' ? tellingMetric(facts) : set;
}

function originOf({ directory, status }: Followed): string {
  const target = encodeURIComponent(JSON.stringify([Uri.file(directory).toJSON()]));
  return `From the latest run of this config (${statusWords[status]}): [show its result](command:${commandIds.showResult}?${target})`;
}
