import { basename } from 'node:path';
import { ProgressLocation, window } from 'vscode';
import { chooseConfig } from '../config/choose-config';
import { savedConfig } from '../config/saved-config';
import type { Services } from '../services';
import { EngineError } from '../../protocol/failure';
import { showError } from '../show-error';

/** "Dry Run": what a compression by the config would do, without doing it. Answers with the text that it shows. */
export async function dryRun(services: Services, given: unknown): Promise<string | undefined> {
  const chosen = await chooseConfig(given);
  const config = chosen && (await savedConfig(chosen));
  if (!config) return undefined;
  const name = basename(config.fsPath);
  // In brackets, lest the report pass for a config by the end of its name.
  return report(services, `Dry run (${name})`, ['compress', config.fsPath, '--dry-run']);
}

/** "Doctor": what there is on this machine to compute with. */
export function doctor(services: Services): Promise<string | undefined> {
  return report(services, 'PocketFlow doctor', ['doctor']);
}

async function report(services: Services, title: string, args: readonly string[]): Promise<string | undefined> {
  const options = { location: ProgressLocation.Notification, title: `PocketFlow: ${title}`, cancellable: true };
  const { code, stdout, stderr } = await window.withProgress(options, (_, token) => services.cli.run(args, token));
  if (code === null) return undefined;
  if (code !== 0 && !stdout) {
    await showError(services, new EngineError(stderr.trim() || `the command line ended with code ${code}`));
    return undefined;
  }
  await services.reports.show(title, stdout);
  return stdout;
}
