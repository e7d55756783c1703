import { Uri, window, workspace } from 'vscode';
import type { Services } from '../services';

/** Opens the run under way, or else the latest of the workspace. */
export async function showResult({ runs, panels }: Services): Promise<void> {
  const directory = runs.active?.reference.directory ?? (await latestRun());
  if (directory !== undefined) return panels.show(Uri.file(directory));
  void window.showInformationMessage('There is no result yet: run a compression first.');
}

async function latestRun(): Promise<string | undefined> {
  const { listRuns } = await import('../../runs/list');
  const folders = workspace.workspaceFolders ?? [];
  const found = (await Promise.all(folders.map(({ uri }) => listRuns(uri.fsPath)))).flat();
  return found.sort((a, b) => b.startedAt.localeCompare(a.startedAt))[0]?.directory;
}
