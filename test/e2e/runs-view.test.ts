import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { lenetLayers, writeFinishedRun } from '../support/journals';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { extensionPath } from './support/paths';
import { Workbench } from './support/workbench';

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
beforeAll(async () => {
  [server, browser] = await Promise.all([CodeServer.start({ name: 'runs-view' }), launchBrowser()]);
  workbench = await Workbench.open(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe('the view of runs', () => {
  it('says what it is for while it is empty', async () => {
    onTestFailed(() => workbench.screenshot('failed-runs-welcome'));
    await workbench.runs();
    await workbench.page.getByText('No model has been compressed in this workspace yet').waitFor();
    await workbench.screenshot('runs-1-welcome');
  });

  it('shows a run that the command line begins, live and to its end, and stops it', async () => {
    onTestFailed(() => workbench.screenshot('failed-runs-cli'));
    const rows = await workbench.runs();
    const cli = spawn(
      process.execPath,
      [join(extensionPath, 'dist/cli.js'), '-C', server.workspace, 'compress', 'long.pocketflow.yaml'],
      { cwd: server.workspace, stdio: 'ignore' },
    );
    const ended = new Promise((resolve) => cli.once('exit', resolve));
    await rows.filter({ hasText: 'long.pocketflow.yaml' }).waitFor({ timeout: 20_000 });
    await rows.filter({ hasText: /\d+ %/ }).waitFor({ timeout: 60_000 });
    await workbench.statusItem(/PocketFlow: long\.pocketflow\.yaml: /).waitFor();
    await workbench.screenshot('runs-2-cli');
    const row = rows.filter({ hasText: /\d+ %/ });
    await row.hover();
    await row.getByRole('button', { name: 'Stop Compression' }).click();
    await rows.filter({ hasText: 'stopped' }).waitFor({ timeout: 10_000 });
    await workbench.statusItem(/PocketFlow: /).waitFor({ state: 'hidden' });
    await ended;
  });

  it('says what a finished run came to, and deletes it once that is confirmed', async () => {
    onTestFailed(() => workbench.screenshot('failed-runs-delete'));
    writeFinishedRun(server.workspace, { config: 'tiny.pocketflow.yaml', layers: lenetLayers([0.5, 0.5, 0.5]) });
    const rows = await workbench.runs();
    const run = rows.filter({ hasText: '98.70 %' });
    await run.waitFor({ timeout: 10_000 });
    await workbench.screenshot('runs-3-finished');
    await run.click();
    await workbench.webview().getByText('Finished').waitFor();
    await run.click();
    await workbench.page.keyboard.press('Delete');
    await workbench.page.getByText(/Delete the run of tiny\.pocketflow\.yaml/).waitFor();
    await workbench.page.getByRole('button', { name: 'Delete', exact: true }).click();
    await run.waitFor({ state: 'detached', timeout: 10_000 });
    expect(await rows.filter({ hasText: 'tiny.pocketflow.yaml' }).count()).toBe(0);
  });

  it('shows a dry run', async () => {
    onTestFailed(() => workbench.screenshot('failed-dry-run'));
    await workbench.openFile('tiny.pocketflow.yaml');
    await workbench.command('PocketFlow: Dry Run');
    await workbench.page.getByText('A dry run: nothing was trained or written.').waitFor({ timeout: 60_000 });
    await workbench.screenshot('runs-5-dry-run');
  });
});
