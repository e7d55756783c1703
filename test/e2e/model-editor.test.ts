import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { encodeOnnx } from '../../src/engine/formats/onnx/write-onnx';
import { buildZooModel } from '../../src/engine/zoo/zoo';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { Workbench } from './support/workbench';

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
beforeAll(async () => {
  [server, browser] = await Promise.all([
    CodeServer.start({
      name: 'model-editor',
      prepare: (workspace) => writeModel(workspace, 10),
    }),
    launchBrowser(),
  ]);
  workbench = await Workbench.open(browser, server);
  workbench.page.setDefaultTimeout(25_000);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

function writeModel(workspace: string, classes: number): void {
  const graph = buildZooModel('lenet', { inputShape: [28, 28, 1], classes, seed: 1 });
  writeFileSync(join(workspace, 'digits.onnx'), encodeOnnx(graph));
}

const panel = () => workbench.webview();
const rows = () => panel().getByRole('table', { name: 'Layers' }).locator('tbody tr');

describe('the view of a model file', () => {
  it('shows what is in it', async () => {
    onTestFailed(() => workbench.screenshot('failed-model'));
    // Until the extension is known, the file opens as any other.
    await workbench.runs();
    await workbench.openFile('digits.onnx');
    await panel().getByRole('heading', { name: 'digits.onnx' }).waitFor();
    await panel().getByText('28 x 28 x 1', { exact: true }).waitFor();
    await rows().filter({ hasText: 'fc1' }).waitFor();
    await panel().getByRole('textbox', { name: 'Filter by name or kind' }).fill('conv2d');
    await expect.poll(() => rows().count()).toBe(2);
    await panel().getByRole('textbox', { name: 'Filter by name or kind' }).fill('');
    await workbench.screenshot('model-1');
  });

  it('reads it again when it is written, and says what is wrong with one that is damaged', async () => {
    onTestFailed(() => workbench.screenshot('failed-model-again'));
    writeModel(server.workspace, 7);
    await rows().filter({ hasText: 'fc2' }).getByText('7', { exact: true }).waitFor();
    writeFileSync(join(server.workspace, 'digits.onnx'), 'not a model');
    await panel().getByRole('alert').waitFor();
    await workbench.screenshot('model-2-damaged');
    writeModel(server.workspace, 10);
    await rows().filter({ hasText: 'fc1' }).waitFor();
  });

  it('leads to a config for it', async () => {
    onTestFailed(() => workbench.screenshot('failed-model-compress'));
    await panel().getByRole('button', { name: 'Compress This Model' }).click();
    await workbench.pick('mnist');
    await workbench.pick(/FLOPs/);
    await workbench.page.locator('.tab.active').filter({ hasText: 'digits.pocketflow.yaml' }).waitFor();
    await workbench.screenshot('model-3-config');
  });
});
