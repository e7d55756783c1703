import { Uri, workspace } from 'vscode';

/** A file of the fixture workspace. */
export function workspaceFile(...parts: string[]): Uri {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('no folder is open');
  return Uri.joinPath(folder.uri, ...parts);
}
