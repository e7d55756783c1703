import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { Workbench } from './support/workbench';

let server: CodeServer;
let browser: Browser;
beforeAll(async () => {
  [server, browser] = await Promise.all([
    CodeServer.start({ name: 'restricted-mode', workspaceTrust: true }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

it('checks configs in a workspace that is not trusted, and compresses nothing', async () => {
  const workbench = await Workbench.open(browser, server);
  onTestFailed(() => workbench.screenshot('failed-restricted'));
  await workbench.statusItem('Restricted Mode').waitFor();
  await workbench.openFile('broken.pocketflow.yaml');
  await workbench.page.locator('.squiggly-error').first().waitFor();
  expect(await workbench.offers('PocketFlow: Run Compression')).toBe(false);
  expect(await workbench.offers('PocketFlow: Open Log')).toBe(true);
});
