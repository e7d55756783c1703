import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import manifest from '../../package.json';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { Workbench } from './support/workbench';

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
beforeAll(async () => {
  [server, browser] = await Promise.all([CodeServer.start({ name: 'walkthrough' }), launchBrowser()]);
  workbench = await Workbench.open(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

it('walks through the first compression, with a picture at each step', async () => {
  onTestFailed(() => workbench.screenshot('failed-walkthrough'));
  const [walkthrough] = manifest.contributes.walkthroughs;
  if (!walkthrough) throw new Error('there is no walkthrough');
  const { page } = workbench;
  await workbench.command('Welcome: Open Walkthrough...');
  await workbench.pick(walkthrough.title);
  const steps = page.locator('.getting-started-step');
  await steps.first().waitFor();
  expect(await steps.count()).toBe(walkthrough.steps.length);
  for (const [i, { id, title }] of walkthrough.steps.entries()) {
    await steps.filter({ hasText: title }).click();
    await page.waitForTimeout(500);
    await workbench.screenshot(`walkthrough-${i + 1}-${id}`);
  }
});

it('offers the first step as a command', async () => {
  onTestFailed(() => workbench.screenshot('failed-new-config'));
  await workbench.command('PocketFlow: New Compression Config...');
  for (const choice of ['lenet', 'fashion-mnist', 'half the FLOPs']) await workbench.pick(choice);
  await workbench.page.locator('.tab.active').filter({ hasText: 'lenet.pocketflow.yaml' }).waitFor();
  await workbench.screenshot('new-config');
});
