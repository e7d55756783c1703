import { Uri, window } from 'vscode';
import { runFolder } from '../runs/choose-run';
import type { Services } from '../services';

/** Opens the run given, or the one under way, or else the latest of the workspace. */
export async function showResult({ runs, runList, panels }: Services, given: unknown): Promise<void> {
  const named = runFolder(given);
  const isRun = runList.runs.some(({ directory }) => directory === named?.fsPath);
  // From the title of an editor comes the file that is open in it.
  if (named && isRun) return panels.show(named);
  const directory =
    (named && runList.latestOf(named.fsPath)?.directory) ??
    runs.active?.reference.directory ??
    runList.runs[0]?.directory;
  if (directory !== undefined) return panels.show(Uri.file(directory));
  void window.showInformationMessage('There is no result yet: run a compression first.');
}
