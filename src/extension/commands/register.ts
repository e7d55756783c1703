import { commands, Uri, type Disposable } from 'vscode';
import { commandIds } from '../ids';
import type { Services } from '../services';

type Command = (services: Services, ...args: unknown[]) => unknown;

/** What commands need is loaded when they are first used. */
const table: Readonly<Record<keyof typeof commandIds, () => Promise<Command> | Command>> = {
  newConfig: async () => (await import('./new-config')).newConfig,
  run: async () => (await import('./run-compression')).runCompression,
  dryRun: async () => (await import('./cli-report')).dryRun,
  stop: async () => (await import('./stop-compression')).stopCompression,
  resume: async () => (await import('./resume-compression')).resumeCompression,
  showResult: async () => (await import('./show-result')).showResult,
  exportModel: async () => (await import('./export-model')).exportModel,
  openLog: () => (services) => services.log.show(),
  doctor: async () => (await import('./cli-report')).doctor,
  deleteRun: async () => (await import('./manage-runs')).deleteRuns,
  revealRun: async () => (await import('./manage-runs')).revealRun,
  openConfig: async () => (await import('./manage-runs')).openConfig,
  restartLanguage: () => (services) => services.language.restart(),
  showRun: () => (services, _config, directory) =>
    typeof directory === 'string' ? services.panels.show(Uri.file(directory)) : undefined,
  showLayers: async () => (await import('./show-layers')).showLayers,
  showSearch: async () => (await import('./show-search')).showSearch,
  toggleHeatmap: async () => (await import('./toggle-heatmap')).toggleHeatmap,
};

export function registerCommands(services: Services): Disposable[] {
  return (Object.keys(table) as (keyof typeof table)[]).map((name) =>
    commands.registerCommand(commandIds[name], async (...args: unknown[]) => (await table[name]())(services, ...args)),
  );
}
