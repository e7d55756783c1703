import { window, type ExtensionContext } from 'vscode';
import { registerCommands } from './commands/register';
import { ConfigDiagnostics } from './config/diagnostics';
import { ResultPanels } from './result/panels';
import { Engine } from './runs/engine';
import { RunStatusItem } from './runs/status-item';
import { Runs } from './runs/runs';

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('PocketFlow', { log: true });
  const diagnostics = new ConfigDiagnostics();
  const engine = new Engine(context.extensionUri, log);
  const runs = new Runs(engine);
  const panels = new ResultPanels(context.extensionUri, runs, log);
  const status = new RunStatusItem(runs);
  context.subscriptions.push(log, diagnostics, runs, panels, status);
  context.subscriptions.push(...registerCommands({ log, diagnostics, runs, panels }));
}
