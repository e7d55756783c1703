import type { LogOutputChannel } from 'vscode';
import type { Cli } from './cli';
import type { LanguageServer } from './language/language-server';
import type { Reports } from './reports';
import type { RunPanels } from './panels/run-panels';
import type { RunList } from './runs/run-list';
import type { RunTree } from './runs/run-tree';
import type { Runs } from './runs/runs';

/** What commands work with. */
export interface Services {
  readonly log: LogOutputChannel;
  readonly language: LanguageServer;
  readonly cli: Cli;
  readonly reports: Reports;
  /** What this window does. */
  readonly runs: Runs;
  /** What there is on the disk. */
  readonly runList: RunList;
  readonly tree: RunTree;
  /** What a run has come to. */
  readonly panels: RunPanels;
  readonly layerPanels: RunPanels;
  readonly searchPanels: RunPanels;
}
