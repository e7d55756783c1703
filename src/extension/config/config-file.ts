import { basename } from 'node:path';
import { Range, Uri, ViewColumn, window, workspace, WorkspaceEdit, type TextDocument, type TextEditor } from 'vscode';
import type { TextChange } from '../../language/set-override';

/** A config as it stands in the editor, be it open or not. */
export class ConfigFile {
  constructor(readonly path: string) {}

  get name(): string {
    return basename(this.path);
  }

  /** Undefined when it is gone. */
  async open(): Promise<TextDocument | undefined> {
    return workspace.openTextDocument(Uri.file(this.path)).then(
      (document) => document,
      () => undefined,
    );
  }

  isOf(document: TextDocument): boolean {
    return document.uri.scheme === 'file' && document.uri.fsPath === this.path;
  }

  /** Puts the cursor at the beginning of a line, from 0, in an editor that shows the config already if there is one. */
  async reveal(line: number): Promise<TextEditor | undefined> {
    const document = await this.open();
    if (!document) return undefined;
    const shown = window.visibleTextEditors.find((editor) => this.isOf(editor.document));
    const { range } = document.lineAt(Math.min(line, document.lineCount - 1));
    const start = new Range(range.start, range.start);
    const viewColumn = shown?.viewColumn ?? ViewColumn.One;
    return window.showTextDocument(document, { viewColumn, selection: start, preserveFocus: false });
  }

  /** As a step of its own that can be undone; the file is not saved. */
  async change({ start, end, text }: TextChange): Promise<boolean> {
    const document = await this.open();
    if (!document) return false;
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(document.positionAt(start), document.positionAt(end)), text);
    return workspace.applyEdit(edit);
  }
}
