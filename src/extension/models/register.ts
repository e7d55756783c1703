import { window, type Disposable, type LogOutputChannel, type Uri } from 'vscode';
import type { Cli } from '../cli';
import { editorIds } from '../ids';

/** Registers the views of model files; their code is loaded with the first. */
export function registerModelEditors(extensionUri: Uri, cli: Cli, log: LogOutputChannel): Disposable[] {
  const load = async () => {
    const { ModelEditor } = await import('./model-editor');
    return new ModelEditor(extensionUri, cli, log);
  };
  return Object.values(editorIds).map((id) =>
    window.registerCustomEditorProvider(id, {
      openCustomDocument: async (uri) => (await load()).openCustomDocument(uri),
      resolveCustomEditor: async (document, panel) => (await load()).resolveCustomEditor(document, panel),
    }),
  );
}
