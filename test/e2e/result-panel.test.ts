import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { Workbench } from './support/workbench';

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
beforeAll(async () => {
  [server, browser] = await Promise.all([CodeServer.start({ name: 'result-panel' }), launchBrowser()]);
  workbench = await Workbench.open(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const panel = () => workbench.webview();

describe('the result panel', () => {
  it('shows a run from the palette to its end', async () => {
    onTestFailed(() => workbench.screenshot('failed-run'));
    await workbench.openFile('tiny.pocketflow.yaml');
    await workbench.screenshot('1-config');
    await workbench.command('PocketFlow: Run Compression');
    await panel().getByText('Running').waitFor({ timeout: 20_000 });
    await panel().getByRole('button', { name: 'Stop' }).waitFor();
    await workbench.statusItem(/PocketFlow: /).waitFor();
    await workbench.screenshot('2-running');

    await panel().getByText('Finished').waitFor({ timeout: 120_000 });
    await workbench.notification(/The compressed model has .* of the FLOPs/).waitFor();
    const rows = panel().getByRole('table', { name: 'Before and after' }).getByRole('row');
    expect(await rows.filter({ hasText: 'FLOPs' }).innerText()).toMatch(/\b([1-4]?\d|50) %/);
    expect(await panel().getByRole('table', { name: 'Layers' }).getByRole('row').count()).toBeGreaterThan(3);
    expect(await panel().locator('.files li').count()).toBeGreaterThan(0);
    await workbench.screenshot('3-finished');
  });

  it('is still there after the window has been reloaded', async () => {
    onTestFailed(() => workbench.screenshot('failed-reload'));
    await workbench.reload('pocketflow.result');
    await panel().getByText('Finished').waitFor({ timeout: 20_000 });
    await panel()
      .getByRole('img', { name: /^Accuracy and loss over 4 epochs/ })
      .waitFor();
    await panel().getByText('Epochs as a table').click();
    expect(await panel().getByRole('cell', { name: '2 of 2' }).count()).toBe(2);
    await panel().locator('details').scrollIntoViewIfNeeded();
    await workbench.screenshot('4-reloaded');
  });

  it('stops a run at a click, and resumes it at another', async () => {
    onTestFailed(() => workbench.screenshot('failed-stop'));
    await workbench.openFile('long.pocketflow.yaml');
    await workbench.command('PocketFlow: Run Compression');
    const stop = panel().getByRole('button', { name: 'Stop' });
    await stop.waitFor({ timeout: 20_000 });
    await stop.click();
    await panel().getByRole('button', { name: 'Resume' }).waitFor({ timeout: 5000 });
    await workbench.statusItem(/PocketFlow: /).waitFor({ state: 'hidden', timeout: 5000 });
    await workbench.screenshot('5-stopped');

    await panel().getByRole('button', { name: 'Resume' }).click();
    await panel().getByText('Running').waitFor({ timeout: 20_000 });
    await workbench.command('PocketFlow: Stop Compression');
    await panel().getByText('Stopped', { exact: true }).waitFor({ timeout: 5000 });
  });

  it('says what is wrong with a config, and goes there', async () => {
    onTestFailed(() => workbench.screenshot('failed-config'));
    await workbench.openFile('broken.pocketflow.yaml');
    await workbench.command('PocketFlow: Run Compression');
    const error = workbench.notification(/broken\.pocketflow\.yaml, line 2: .*did you mean/);
    await error.waitFor();
    await workbench.screenshot('6-config-error');
    await error.getByRole('button', { name: 'Go to Line' }).click();
    await workbench.statusItem(/Ln 2, Col \d+ \(5 selected\)/).waitFor();
  });
});
