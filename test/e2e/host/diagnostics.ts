import assert from 'node:assert/strict';
import { languages, Range, window, workspace, WorkspaceEdit, type Diagnostic, type Uri } from 'vscode';
import { eventually } from './eventually';
import { workspaceFile } from './workspace-file';

const problemsOf = (uri: Uri, count: number): Promise<Diagnostic[]> =>
  eventually(
    () => languages.getDiagnostics(uri),
    (found) => found.length === count,
  );

describe('problems', () => {
  it('are marked where they are', async () => {
    const uri = workspaceFile('broken.pocketflow.yaml');
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document);
    const found = await problemsOf(uri, 2);
    assert.deepEqual(
      found.map(({ range }) => document.getText(range)),
      ['mnits', '50'],
    );
    assert.match(found[0]?.message ?? '', /did you mean `mnist`/);
  });

  it('go when they are mended, without saving', async () => {
    const uri = workspaceFile('broken.pocketflow.yaml');
    const document = await workspace.openTextDocument(uri);
    await problemsOf(uri, 2);
    const edit = new WorkspaceEdit();
    edit.replace(uri, new Range(1, 0, 3, 0), 'dataset: mnist\ntarget: { flops: 0.5 }\n');
    await workspace.applyEdit(edit);
    assert.deepEqual(await problemsOf(uri, 0), []);
    assert.ok(document.isDirty);
  });
});
