import { commands, Uri, window, workspace } from 'vscode';
import { commandIds, configGlob, languageId } from '../ids';

/** The config that is meant: the one given, the one being edited, the only one there is, or the one picked. */
export async function chooseConfig(given: unknown): Promise<Uri | undefined> {
  if (given instanceof Uri) return given;
  // From a code lens, whose arguments come as JSON.
  if (typeof given === 'string') return Uri.parse(given);
  const edited = window.activeTextEditor?.document;
  if (edited?.languageId === languageId) return edited.uri;
  const found = await workspace.findFiles(configGlob, '**/node_modules/**');
  if (found.length === 0) {
    const create = 'New Compression Config';
    const choice = await window.showWarningMessage('There is no PocketFlow config in this workspace.', create);
    // What it writes is to be looked at before it is run.
    if (choice === create) await commands.executeCommand(commandIds.newConfig);
  }
  if (found.length <= 1) return found[0];
  const items = found
    .map((uri) => ({ label: workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const picked = await window.showQuickPick(items, { placeHolder: 'Config to compress by' });
  return picked?.uri;
}
