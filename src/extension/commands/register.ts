import { commands, type Disposable } from 'vscode';
import { commandIds } from '../ids';
import type { Services } from '../services';

/** What commands need is loaded when they are first used. */
export function registerCommands(services: Services): Disposable[] {
  return [
    commands.registerCommand(commandIds.run, async (config: unknown) =>
      (await import('./run-compression')).runCompression(services, config),
    ),
    commands.registerCommand(commandIds.resume, async (run: unknown) =>
      (await import('./resume-compression')).resumeCompression(services, run),
    ),
    commands.registerCommand(commandIds.stop, () => services.runs.stop()),
    commands.registerCommand(commandIds.showResult, async () => (await import('./show-result')).showResult(services)),
    commands.registerCommand(commandIds.openLog, () => services.log.show()),
  ];
}
