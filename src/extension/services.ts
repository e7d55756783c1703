import type { LogOutputChannel } from 'vscode';
import type { ConfigDiagnostics } from './config/diagnostics';
import type { ResultPanels } from './result/panels';
import type { Runs } from './runs/runs';

/** What commands work with. */
export interface Services {
  readonly log: LogOutputChannel;
  readonly diagnostics: ConfigDiagnostics;
  readonly runs: Runs;
  readonly panels: ResultPanels;
}
