import { basename, dirname, resolve } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { bytes } from '../../runs/units';
import { chooseRun } from '../runs/choose-run';
import type { Services } from '../services';
import { showError } from '../show-error';

/** "Export Model": copies a model file that a run has written to a place that the user names. */
export async function exportModel(services: Services, given: unknown): Promise<Uri | undefined> {
  const run = await chooseRun(services.runList, given, {
    accepts: ({ artifacts }) => artifacts.length > 0,
    placeholder: 'Run whose model is to be exported',
    none: 'There is no model yet: run a compression first.',
  });
  if (!run) return undefined;
  try {
    const { readRun } = await import('../../runs/read');
    const { artifacts } = await readRun(run.fsPath);
    const items = artifacts.map(({ path, format, bytes: size }) => ({
      label: basename(path),
      description: `${format}, ${bytes(size)}`,
      source: Uri.file(resolve(run.fsPath, path)),
    }));
    const picked = items.length > 1 ? await window.showQuickPick(items, { placeHolder: 'Model to export' }) : items[0];
    return picked && (await copyModel(picked.source));
  } catch (error) {
    await showError(services, error);
    return undefined;
  }
}

/** A TF.js model is a folder: model.json and the weights beside it. */
async function copyModel(source: Uri): Promise<Uri | undefined> {
  const isFolder = basename(source.fsPath) === 'model.json';
  const from = isFolder ? Uri.file(dirname(source.fsPath)) : source;
  const place = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(dirname(dirname(source.fsPath)));
  const target = await window.showSaveDialog({
    title: isFolder ? 'Folder for the TF.js model' : 'Export the model',
    saveLabel: 'Export',
    defaultUri: Uri.joinPath(place, basename(from.fsPath)),
  });
  if (!target) return undefined;
  await workspace.fs.copy(from, target, { overwrite: true });
  void window.showInformationMessage(`Exported ${basename(target.fsPath)}.`);
  return target;
}
