import { commands, type Disposable } from 'vscode';
import { commandIds } from '../ids';
import type { Services } from '../services';
import { resumeCompression } from './resume-compression';
import { runCompression } from './run-compression';
import { showResult } from './show-result';

export function registerCommands(services: Services): Disposable[] {
  return [
    commands.registerCommand(commandIds.run, (config: unknown) => runCompression(services, config)),
    commands.registerCommand(commandIds.resume, (run: unknown) => resumeCompression(services, run)),
    commands.registerCommand(commandIds.stop, () => services.runs.stop()),
    commands.registerCommand(commandIds.showResult, () => showResult(services)),
    commands.registerCommand(commandIds.openLog, () => services.log.show()),
  ];
}
