import { Uri } from 'vscode';
import { chooseRun } from '../runs/choose-run';
import { isResumable } from '../runs/run-words';
import { workOnRun, type WorkResult } from '../runs/work-on-run';
import type { Services } from '../services';
import { showError } from '../show-error';

/** Goes on with a run that was stopped, failed or died. */
export async function resumeCompression(services: Services, given: unknown): Promise<WorkResult | undefined> {
  const run = await chooseRun(services.runList, given, {
    accepts: isResumable,
    placeholder: 'Run to resume',
    none: 'There is no run that could be resumed.',
  });
  if (!run) return undefined;
  const { readRun } = await import('../../runs/read');
  try {
    const { configPath } = await readRun(run.fsPath);
    return await workOnRun(services, { config: Uri.file(configPath ?? run.fsPath), run: run.fsPath });
  } catch (error) {
    await showError(services, error);
    return undefined;
  }
}
