import {
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  window,
  type Disposable,
  type TreeDataProvider,
  type TreeView,
} from 'vscode';
import type { RunSummary } from '../../runs/list';
import { commandIds, viewIds } from '../ids';
import type { RunList } from './run-list';
import { configName, isResumable, runDescription, runDetails } from './run-words';

/** The runs of one config. */
export interface ConfigNode {
  readonly kind: 'config';
  readonly name: string;
  readonly configPath: string | undefined;
}
export interface RunNode {
  readonly kind: 'run';
  readonly run: RunSummary;
}
export type TreeNode = ConfigNode | RunNode;

const icons: Readonly<Record<RunSummary['status'], ThemeIcon>> = {
  running: new ThemeIcon('sync~spin', new ThemeColor('charts.blue')),
  finished: new ThemeIcon('pass', new ThemeColor('charts.green')),
  stopped: new ThemeIcon('debug-pause', new ThemeColor('charts.yellow')),
  failed: new ThemeIcon('error', new ThemeColor('charts.red')),
  dead: new ThemeIcon('debug-disconnect', new ThemeColor('charts.orange')),
};

/** The runs by config in the activity bar. */
export class RunTree implements TreeDataProvider<TreeNode>, Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: TreeView<TreeNode>;
  private readonly subscription: Disposable;

  constructor(private readonly list: RunList) {
    this.view = window.createTreeView(viewIds.runs, { treeDataProvider: this, canSelectMany: true });
    this.subscription = list.onDidChange(() => this.refresh());
  }

  /** What is selected: commands get it where they are run by a key. */
  get selection(): readonly TreeNode[] {
    return this.view.selection;
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (node?.kind === 'run') return [];
    if (node) {
      const runs = this.list.runs.filter(({ configPath }) => configPath === node.configPath);
      return runs.map((run) => ({ kind: 'run', run }));
    }
    const configs = new Map(this.list.runs.map((run) => [run.configPath ?? '', run]));
    return [...configs.values()]
      .map((run): ConfigNode => ({ kind: 'config', name: configName(run), configPath: run.configPath }))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  getTreeItem(node: TreeNode): TreeItem {
    return node.kind === 'config' ? this.configItem(node) : runItem(node.run);
  }

  dispose(): void {
    this.subscription.dispose();
    this.view.dispose();
    this.changed.dispose();
  }

  private configItem({ name, configPath }: ConfigNode): TreeItem {
    const item = new TreeItem(name, TreeItemCollapsibleState.Expanded);
    item.id = `config ${configPath ?? ''}`;
    item.contextValue = configPath === undefined ? 'orphans' : 'config';
    item.iconPath = ThemeIcon.File;
    if (configPath !== undefined) item.resourceUri = Uri.file(configPath);
    const runs = this.list.runs.filter((run) => run.configPath === configPath).length;
    item.description = runs === 1 ? '1 run' : `${runs} runs`;
    return item;
  }

  private refresh(): void {
    const working = this.list.runs.filter(({ status }) => status === 'running').length;
    this.view.badge =
      working > 0
        ? { value: working, tooltip: working === 1 ? 'A run is going' : `${working} runs are going` }
        : undefined;
    this.changed.fire();
  }
}

function runItem(run: RunSummary): TreeItem {
  const description = runDescription(run);
  const started = new Date(run.startedAt).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' });
  const item = new TreeItem(description, TreeItemCollapsibleState.None);
  const folder = Uri.file(run.directory);
  item.id = run.directory;
  item.description = started;
  item.tooltip = new MarkdownString(runDetails(run));
  item.iconPath = icons[run.status];
  item.accessibilityInformation = { label: `Run of ${started}: ${description}` };
  item.command = { command: commandIds.showResult, title: 'Show Result', arguments: [folder] };
  item.contextValue = [
    'run',
    run.status === 'running' ? 'working' : isResumable(run) ? 'resumable' : 'finished',
    ...(run.artifacts.length > 0 ? ['models'] : []),
    ...(run.hasLayers ? ['layers'] : []),
    ...(run.search ? ['search'] : []),
  ].join(' ');
  return item;
}
