import { commands, type Disposable, EventEmitter, workspace, type WorkspaceFolder } from 'vscode';
import type { RunSummary } from '../../runs/list';
import { contextKeys } from '../ids';
import { isResumable } from './run-words';

/** The runs in all folders of the workspace as they are on the disk, whoever started them. */
export class RunList implements Disposable {
  private readonly changed = new EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly found = new Map<string, readonly RunSummary[]>();
  private readonly watching = new Map<string, Promise<() => Promise<void>>>();
  private readonly subscription: Disposable;

  constructor() {
    for (const folder of workspace.workspaceFolders ?? []) this.watch(folder);
    this.subscription = workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      for (const folder of removed) this.forget(folder);
      for (const folder of added) this.watch(folder);
    });
  }

  /** The latest first. */
  get runs(): readonly RunSummary[] {
    return [...this.found.values()].flat().sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  }

  /** The latest run of a config that `accepts` takes. */
  latestOf(configPath: string, accepts: (run: RunSummary) => boolean = () => true): RunSummary | undefined {
    return this.runs.find((run) => run.configPath === configPath && accepts(run));
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
    for (const stop of this.watching.values()) void stop.then((end) => end());
  }

  private watch({ uri }: WorkspaceFolder): void {
    if (uri.scheme !== 'file') return;
    const watching = import('../../runs/watch').then(({ watchRuns }) =>
      watchRuns(uri.fsPath, (runs) => {
        this.found.set(uri.fsPath, runs);
        this.announce();
      }),
    );
    this.watching.set(uri.fsPath, watching);
  }

  private forget({ uri }: WorkspaceFolder): void {
    void this.watching.get(uri.fsPath)?.then((end) => end());
    this.watching.delete(uri.fsPath);
    this.found.delete(uri.fsPath);
    this.announce();
  }

  private announce(): void {
    const { runs } = this;
    const is = {
      [contextKeys.working]: runs.some(({ status }) => status === 'running'),
      [contextKeys.resumable]: runs.some(isResumable),
      [contextKeys.hasRuns]: runs.length > 0,
      [contextKeys.hasSearches]: runs.some(({ search }) => search !== undefined),
      [contextKeys.hasModels]: runs.some(({ artifacts }) => artifacts.length > 0),
    };
    for (const [key, value] of Object.entries(is)) void commands.executeCommand('setContext', key, value);
    this.changed.fire();
  }
}
