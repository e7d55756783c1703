import { commands, Uri, window, workspace } from 'vscode';
import type { RunSummary } from '../../runs/list';
import { chooseRun, runFolder } from '../runs/choose-run';
import { configName } from '../runs/run-words';
import type { Services } from '../services';
import { showError } from '../show-error';

/** "Delete Run": one or those selected, once the user has said yes. */
export async function deleteRuns(services: Services, given: unknown, all: unknown): Promise<void> {
  const meant = Array.isArray(all) && all.length > 0 ? all : given === undefined ? services.tree.selection : [given];
  const directories = new Set(meant.map((node) => runFolder(node)?.fsPath));
  const runs = services.runList.runs.filter(({ directory }) => directories.has(directory));
  const working = runs.find(({ status }) => status === 'running');
  if (working) {
    void window.showWarningMessage(`The run of ${configName(working)} is going: stop it before you delete it.`);
    return;
  }
  if (runs.length === 0) return;
  const detail = 'Its journal, checkpoints and the model files in its folder go. Models written elsewhere stay.';
  const choice = await window.showWarningMessage(question(runs), { modal: true, detail }, 'Delete');
  if (!choice) return;
  try {
    for (const { directory } of runs) {
      await workspace.fs.delete(Uri.file(directory), { recursive: true, useTrash: false });
    }
  } catch (error) {
    await showError(services, error);
  }
}

function question(runs: readonly RunSummary[]): string {
  const [first] = runs;
  return runs.length === 1
    ? `Delete the run of ${configName(first)} from ${new Date(first.startedAt).toLocaleString()}?`
    : `Delete ${runs.length} runs?`;
}

/** "Reveal Run": shows the folder of a run. */
export async function revealRun({ runList }: Services, given: unknown): Promise<void> {
  const run = await chooseRun(runList, given, {
    accepts: () => true,
    placeholder: 'Run whose folder is to be shown',
    none: 'There is no run yet.',
  });
  if (!run) return;
  await commands.executeCommand(workspace.getWorkspaceFolder(run) ? 'revealInExplorer' : 'revealFileInOS', run);
}

/** "Open Config": the config of a run, or of a group of them. */
export async function openConfig({ runList }: Services, given: unknown): Promise<void> {
  const directory = runFolder(given)?.fsPath;
  const path =
    directory === undefined
      ? typeof given === 'object' && given !== null && 'configPath' in given
        ? given.configPath
        : undefined
      : runList.runs.find((run) => run.directory === directory)?.configPath;
  if (typeof path === 'string') await commands.executeCommand('vscode.open', Uri.file(path));
}
