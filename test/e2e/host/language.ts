import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { extensions, workspace } from 'vscode';
import { workspaceFile } from './workspace-file';

describe('the language', () => {
  for (const [name, language] of [
    ['tiny.pocketflow.yaml', 'pocketflow'],
    ['.pocketflow.yaml', 'pocketflow'],
    ['other.yaml', 'yaml'],
  ] as const) {
    it(`of ${name} is ${language}`, async () => {
      const file = workspaceFile(name);
      if (!name.startsWith('tiny')) writeFileSync(file.fsPath, 'model: lenet\n');
      const document = await workspace.openTextDocument(file);
      assert.equal(document.languageId, language);
    });
  }

  it('activates the extension', async () => {
    await workspace.openTextDocument(workspaceFile('tiny.pocketflow.yaml'));
    const extension = extensions.getExtension('pocketflow.pocketflow');
    assert.ok(extension, 'the extension is installed');
    await extension.activate();
  });
});
