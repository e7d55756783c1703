import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { commands, languages, Uri, window } from 'vscode';
import { readRun } from '../../../src/runs/read';
import { listRuns } from '../../../src/runs/list';
import type { WorkResult } from '../../../src/extension/runs/work-on-run';
import { eventually } from './eventually';
import { workspaceFile } from './workspace-file';

const compress = (name: string): Thenable<WorkResult | undefined> =>
  commands.executeCommand('pocketflow.runCompression', workspaceFile(name));

describe('Run Compression', () => {
  it('leaves a smaller model behind', async () => {
    const result = await compress('tiny.pocketflow.yaml');
    assert.deepEqual(result?.outcome, { state: 'finished' });
    const run = await readRun(result.run.directory);
    assert.equal(run.status, 'finished');
    assert.ok(run.before && run.after);
    assert.ok(run.after.flops <= 0.5 * run.before.flops, 'FLOPs are halved');
    const onnx = run.artifacts.find(({ format }) => format === 'onnx');
    assert.ok(onnx && existsSync(onnx.path), 'there is an ONNX file');
    assert.equal(statSync(onnx.path).size, onnx.bytes);
  });

  it('opens its result', async () => {
    const labels = await eventually(
      () => window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label)),
      (found) => found.includes('Result: tiny.pocketflow.yaml'),
    );
    assert.ok(labels.includes('Result: tiny.pocketflow.yaml'), labels.join(', '));
  });

  it('is stopped within two seconds', async () => {
    const going = compress('long.pocketflow.yaml');
    const root = workspaceFile('.').fsPath;
    const folder = await trainingRun(root);
    const begun = Date.now();
    await commands.executeCommand('pocketflow.stopCompression');
    const result = await going;
    assert.ok(Date.now() - begun < 2000, `took ${Date.now() - begun} ms`);
    assert.deepEqual(result?.outcome, { state: 'stopped' });
    const { status } = await readRun(folder);
    assert.ok(status === 'stopped' || status === 'dead', status);
  });

  it('survives the death of its engine: the run can be resumed', async () => {
    const going = compress('long.pocketflow.yaml');
    const folder = await trainingRun(workspaceFile('.').fsPath);
    const { pid } = await readRun(folder);
    process.kill(pid, 'SIGKILL');
    assert.equal(await going, undefined);
    assert.equal((await readRun(folder)).status, 'dead');
    const resumed: Thenable<WorkResult | undefined> = commands.executeCommand(
      'pocketflow.resumeCompression',
      Uri.file(folder),
    );
    assert.equal(await trainingRun(workspaceFile('.').fsPath), folder);
    await commands.executeCommand('pocketflow.stopCompression');
    assert.equal((await resumed)?.run.directory, folder);
  });

  it('says where a config names a file that is not there', async () => {
    const file = workspaceFile('no-model.pocketflow.yaml');
    assert.equal(await compress('no-model.pocketflow.yaml'), undefined);
    assert.match(languages.getDiagnostics(file)[0]?.message ?? '', /nowhere\.onnx/);
  });
});

/** Folder of the run that is training by now. */
async function trainingRun(root: string): Promise<string> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const run = (await listRuns(root)).find(({ status }) => status === 'running');
    const journal = run && join(run.directory, 'journal.jsonl');
    if (journal && readFileSync(journal, 'utf8').includes('"type":"progress"')) return run.directory;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('no training has begun');
}
