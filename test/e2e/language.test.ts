import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { Workbench } from './support/workbench';

const config = 'words.pocketflow.yaml';
const text = `model: lenet
dataset: mnits
target: { flops: 0.5 }
layers:
  conv1: { keep: 0.5 }
`;

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
beforeAll(async () => {
  [server, browser] = await Promise.all([
    CodeServer.start({
      name: 'language',
      prepare: (workspace) => writeFileSync(join(workspace, config), text),
    }),
    launchBrowser(),
  ]);
  workbench = await Workbench.open(browser, server);
  workbench.page.setDefaultTimeout(20_000);
  await workbench.openFile(config);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const line = (words: string | RegExp): Locator => workbench.page.locator('.view-line').filter({ hasText: words });
const squiggle = (): Locator => workbench.page.locator('.squiggly-error');

describe('the language in the editor', () => {
  it('underlines a mistake, and mends it by a quick fix', async () => {
    onTestFailed(() => workbench.screenshot('failed-language-fix'));
    const { page } = workbench;
    await squiggle().first().waitFor();
    await line('dataset:').getByText('mnits').click();
    const fix = page.locator('.action-widget').getByText('Change to mnist');
    // The editor asks for actions no sooner than it has heard of the diagnostics on its side.
    await expect
      .poll(
        async () => {
          await page.keyboard.press('Control+.');
          return fix.waitFor({ timeout: 2000 }).then(
            () => true,
            () => false,
          );
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    await workbench.screenshot('language-1-quick-fix');
    await page.keyboard.press('Enter');
    await line(/dataset:\s*mnist$/).waitFor();
    await expect.poll(() => squiggle().count(), { timeout: 10_000 }).toBe(0);
  });

  it('says beside a target what it comes to, and in a hover what a key does', async () => {
    onTestFailed(() => workbench.screenshot('failed-language-hover'));
    await line(/=\s.*\sFLOPs,\s.*\sparams/).waitFor();
    await line('conv1').getByText('keep').hover();
    const hover = workbench.page.locator('.monaco-hover:visible');
    await hover.getByText('Share of the output channels to keep.').waitFor();
    await workbench.screenshot('language-2-hover');
    await workbench.page.keyboard.press('Escape');
  });

  it('completes layers of the model and what may be said of them', async () => {
    onTestFailed(() => workbench.screenshot('failed-language-completion'));
    const { page } = workbench;
    const widget = page.locator('.suggest-widget.visible');
    await line('conv1').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('  c');
    await widget.getByText('conv2').first().waitFor();
    await workbench.screenshot('language-3-layers');
    await page.keyboard.press('Enter');
    await line(/conv2:\s\{/).waitFor();
    // Accepting a layer asks at once what is to be done with it.
    await widget.getByText('skip').first().waitFor();
    await workbench.screenshot('language-4-settings');
    await page.keyboard.type('sk');
    await page.keyboard.press('Enter');
    await line(/conv2:\s\{\s*skip:\strue/).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect.poll(() => squiggle().count(), { timeout: 10_000 }).toBe(0);
  });

  it('plans the run at a click above the config', async () => {
    onTestFailed(() => workbench.screenshot('failed-language-lens'));
    const { page } = workbench;
    await page.locator('.codelens-decoration a:visible').filter({ hasText: 'Dry run' }).first().click();
    await page
      .locator('.tab.active')
      .filter({ hasText: `Dry run (${config})` })
      .waitFor();
    await line('conv1').first().waitFor();
    await workbench.screenshot('language-5-dry-run');
    // The report is no config, whatever it is called.
    expect(await squiggle().count()).toBe(0);
  });
});
