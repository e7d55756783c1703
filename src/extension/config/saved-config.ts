import { window, workspace, type Uri } from 'vscode';

/** The file that the engine reads, with what the editor holds of it; undefined when the user would not save it. */
export async function savedConfig(uri: Uri): Promise<Uri | undefined> {
  const document = workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  const saved = document?.isDirty || document?.isUntitled ? await workspace.save(uri) : uri;
  if (!saved || saved.scheme === 'file') return saved;
  void window.showErrorMessage(
    `PocketFlow can only compress by a config on disk, and ${uri.toString()} is not on one.`,
  );
  return undefined;
}
