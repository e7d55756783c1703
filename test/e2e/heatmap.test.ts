import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { beginRun, lenetLayers, writeFinishedRun } from '../support/journals';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { Workbench } from './support/workbench';

const config = 'heat.pocketflow.yaml';
const text = `model: lenet
dataset: mnist
target: { flops: 0.5 }
layers:
  conv1: { keep: 0.5 }   # the first
  "fc*": { keep: 0.75 }
`;

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
beforeAll(async () => {
  [server, browser] = await Promise.all([
    CodeServer.start({
      name: 'heatmap',
      prepare: (workspace) => {
        writeFileSync(join(workspace, config), text);
        writeFinishedRun(workspace, { config, layers: lenetLayers([0.5, 0.25, 0.75]) });
      },
    }),
    launchBrowser(),
  ]);
  workbench = await Workbench.open(browser, server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** What stands behind the ends of lines: text of pseudo elements, so of no use to a locator. */
const lineEnds = (): Promise<string[]> =>
  workbench.page.evaluate<string[]>(`[...document.querySelectorAll('.view-lines .view-line span')]
    .map((span) => getComputedStyle(span, '::after').content)
    .filter((content) => content !== 'none' && content !== 'normal')
    .map((content) => content.replace(/^"|"$/g, '').replace(/\u00a0/g, ' '))`);
const lineEnd = (wanted: RegExp) =>
  expect.poll(async () => (await lineEnds()).join('\n'), { timeout: 10_000 }).toMatch(wanted);

describe('the heatmap of a config', () => {
  it('shows what the latest run has made of the layers', async () => {
    onTestFailed(() => workbench.screenshot('failed-heatmap'));
    await workbench.openFile(config);
    await lineEnd(/50 %: 16 of 32 channels/);
    await lineEnd(/4 layers, 1 without a line/);
    const conv1 = workbench.page.locator('.view-line').filter({ hasText: 'conv1' });
    await conv1.getByText('conv1').hover();
    const hover = workbench.page.locator('.monaco-hover');
    await hover.getByText('16 of 32 channels').waitFor();
    await workbench.screenshot('heatmap-1-light');
    await hover.getByText('show its result').click();
    await workbench.webview().getByText('Finished').waitFor();
  });

  it('follows a run that goes on', async () => {
    onTestFailed(() => workbench.screenshot('failed-heatmap-live'));
    const run = beginRun(server.workspace, { config, layers: lenetLayers([0.25, 0.25, 0.75]) });
    await lineEnd(/25 %: 8 of 32 channels/);
    run.emit({ type: 'layers', stage: 0, layers: lenetLayers([0.75, 0.25, 0.75]) });
    await lineEnd(/75 %: 24 of 32 channels/);
    run.close();
  });

  it('is turned off and on by a command, and fits a dark theme', async () => {
    onTestFailed(() => workbench.screenshot('failed-heatmap-off'));
    await workbench.command('PocketFlow: Toggle Heatmap');
    await expect.poll(lineEnds, { timeout: 10_000 }).toEqual([]);
    await workbench.command('PocketFlow: Toggle Heatmap');
    await lineEnd(/75 %: 24 of 32 channels/);
    await workbench.command('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
    await workbench.screenshot('heatmap-2-dark');
  });
});
