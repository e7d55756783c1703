import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { extensionPath, outputPath } from './support/paths';
import { Workbench } from './support/workbench';

/** On what is packed, not on what this machine may have besides. */
const config = `model: lenet
dataset: { name: mnist, limit: 300, validation: 100 }
target: { flops: 0.5 }
options: { selection: magnitude, reconstruct: false }
baseline: { epochs: 1, optimizer: adam }
training: { epochs: 1, optimizer: adam }
compute: { backend: wasm }
`;

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
beforeAll(async () => {
  const vsix = join(outputPath, 'pocketflow.vsix');
  await promisify(execFile)(process.execPath, [join(extensionPath, 'scripts/package.mjs'), vsix]);
  [server, browser] = await Promise.all([
    CodeServer.start({
      name: 'installed',
      vsix,
      prepare: (workspace) => writeFileSync(join(workspace, 'packed.pocketflow.yaml'), config),
    }),
    launchBrowser(),
  ]);
  workbench = await Workbench.open(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const panel = () => workbench.webview();

describe('the packed extension, installed into an editor that never had it', () => {
  it('compresses a model with what is packed', async () => {
    onTestFailed(() => workbench.screenshot('failed-installed'));
    await workbench.openFile('packed.pocketflow.yaml');
    await workbench.command('PocketFlow: Run Compression');
    await panel().getByText('Finished').waitFor({ timeout: 60_000 });
    await panel().getByText(/wasm/).first().waitFor();
    expect(await panel().locator('.files li').count()).toBeGreaterThan(0);
    await workbench.screenshot('installed-1');
  });

  it('is active in a moment', async () => {
    onTestFailed(() => workbench.screenshot('failed-activation'));
    await workbench.reload();
    await workbench.runs();
    await workbench.command('Developer: Show Running Extensions');
    const row = workbench.page.locator('.runtime-extensions-editor .extension').filter({ hasText: 'PocketFlow' });
    const text = await row.innerText();
    const milliseconds = Number(/Activation: (\d+) ?ms/.exec(text)?.[1]);
    console.log(`activation took ${milliseconds} ms`);
    expect(milliseconds).toBeLessThan(150);
    await workbench.screenshot('installed-2-activation');
  });
});
