import { Uri } from 'vscode';
import { showError } from '../show-error';
import { workOnRun, type WorkResult } from '../runs/work-on-run';
import type { Services } from '../services';

/** Goes on with the run in a folder, as the result panel asks for it. */
export async function resumeCompression(services: Services, run: unknown): Promise<WorkResult | undefined> {
  if (!(run instanceof Uri)) return undefined;
  const { readRun } = await import('../../runs/read');
  try {
    const { configPath } = await readRun(run.fsPath);
    return await workOnRun(services, { config: Uri.file(configPath ?? run.fsPath), run: run.fsPath });
  } catch (error) {
    await showError(services, error);
    return undefined;
  }
}
