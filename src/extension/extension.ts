import { window, type ExtensionContext } from 'vscode';
import { Cli } from './cli';
import { registerCommands } from './commands/register';
import { Heatmap } from './heatmap/heatmap';
import { LanguageServer } from './language/language-server';
import { layerPanels } from './layers/panels';
import { registerModelEditors } from './models/register';
import { Reports } from './reports';
import { resultPanels } from './result/panels';
import { Engine } from './runs/engine';
import { RunList } from './runs/run-list';
import { RunTree } from './runs/run-tree';
import { Runs } from './runs/runs';
import { RunStatusItem } from './runs/status-item';
import { searchPanels } from './search/panels';
import { registerTasks } from './tasks/provider';

export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('PocketFlow', { log: true });
  const language = new LanguageServer(context.extensionUri, log);
  const cli = new Cli(context.extensionUri, log);
  const reports = new Reports();
  const runs = new Runs(new Engine(context.extensionUri, log));
  const runList = new RunList();
  const tree = new RunTree(runList);
  const panels = resultPanels(context.extensionUri, runs, log);
  const layers = layerPanels(context.extensionUri, log);
  const searches = searchPanels(context.extensionUri, log);
  const status = new RunStatusItem(runs, runList);
  const heatmap = new Heatmap(runList, log);
  const services = {
    log,
    language,
    cli,
    reports,
    runs,
    runList,
    tree,
    panels,
    layerPanels: layers,
    searchPanels: searches,
  };
  context.subscriptions.push(log, language, reports, runs, runList, tree, panels, layers, searches, status, heatmap);
  context.subscriptions.push(...registerCommands(services), registerTasks(cli));
  context.subscriptions.push(...registerModelEditors(context.extensionUri, cli, log));
}
