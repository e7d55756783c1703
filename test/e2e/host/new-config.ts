import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { commands, languages, window, workspace, type Uri } from 'vscode';
import { parseConfig } from '../../../src/config/parse';
import { workspaceFile } from './workspace-file';

describe('New Compression Config', () => {
  it('writes and opens a config that runs, of the first choice in each step', async () => {
    const made = await answered(commands.executeCommand<Uri | undefined>('pocketflow.newConfig'));
    assert.ok(made, 'there is a file');
    const document = await workspace.openTextDocument(made);
    assert.equal(window.activeTextEditor?.document.uri.toString(), made.toString());
    assert.equal(document.languageId, 'pocketflow');
    const { config, problems } = parseConfig(document.getText());
    assert.deepEqual(problems, []);
    assert.equal(config?.model, 'lenet');
    assert.equal(config.dataset, 'mnist');
    assert.deepEqual(config.target, { flops: 0.5 });
    assert.deepEqual(languages.getDiagnostics(made), []);
  });

  it('does not overwrite a config of the same name, and writes into the folder that it is called for', async () => {
    const made = await answered(commands.executeCommand<Uri | undefined>('pocketflow.newConfig', workspaceFile('.')));
    assert.equal(workspace.asRelativePath(made!), 'lenet-2.pocketflow.yaml');
  });
});

/** Presses Enter in each quick pick until the command has ended. */
async function answered<T>(command: Thenable<T>): Promise<T> {
  let done = false;
  const result = Promise.resolve(command).finally(() => (done = true));
  for (const deadline = Date.now() + 30_000; !done && Date.now() < deadline;) {
    await Promise.race([result, setTimeout(500)]);
    if (!done) await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }
  assert.ok(done, 'the command has ended');
  return result;
}
