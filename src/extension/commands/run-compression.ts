import { dirname } from 'node:path';
import { workspace, type Uri } from 'vscode';
import { chooseConfig } from '../config/choose-config';
import { savedConfig } from '../config/saved-config';
import { workOnRun, type WorkResult } from '../runs/work-on-run';
import type { Services } from '../services';

/** "Run Compression": answers with the run and how it ended; undefined when there was none. */
export async function runCompression(services: Services, given: unknown): Promise<WorkResult | undefined> {
  const chosen = await chooseConfig(given);
  const config = chosen && (await savedConfig(chosen));
  if (!config) return undefined;
  return workOnRun(services, { config, workspace: workspaceOf(config) });
}

/** The folder that runs are kept in. */
function workspaceOf(config: Uri): string {
  return workspace.getWorkspaceFolder(config)?.uri.fsPath ?? dirname(config.fsPath);
}
