import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { parseConfig } from '../../src/config/parse';
import { lenetLayers, writeFinishedRun } from '../support/journals';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { Workbench } from './support/workbench';

const config = 'drag.pocketflow.yaml';
const text = `# Kept by hand.
model:   lenet
dataset: mnist
target: { flops: 0.5 }
layers:
  conv1: { keep: 0.5 }   # the first
`;

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
beforeAll(async () => {
  [server, browser] = await Promise.all([
    CodeServer.start({
      name: 'layers-panel',
      settings: { 'files.autoSave': 'afterDelay', 'files.autoSaveDelay': 100 },
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

const panel = () => workbench.webview();
const rows = () => panel().getByRole('table', { name: 'Layers' }).locator('tbody tr');
const written = (): string => readFileSync(join(server.workspace, config), 'utf8');

describe('the layer panel', () => {
  it('shows each layer of the latest run of the config that is open', async () => {
    onTestFailed(() => workbench.screenshot('failed-layers'));
    await workbench.openFile(config);
    await workbench.command('PocketFlow: Show Layers');
    await expect.poll(() => rows().count(), { timeout: 20_000 }).toBe(4);
    expect(await rows().first().innerText()).toMatch(/conv1.*16 of 32 channels/s);
    await panel().getByText('Finished').waitFor();
    await workbench.screenshot('layers-1');
  });

  it('sorts and filters', async () => {
    onTestFailed(() => workbench.screenshot('failed-layers-sort'));
    await panel().getByRole('button', { name: 'Parameters' }).click();
    await expect.poll(() => rows().first().innerText()).toContain('fc3');
    await panel().getByRole('textbox', { name: 'Filter by name or kind' }).fill('conv');
    await panel().getByText('2 of 4 layers').waitFor();
    await panel().getByRole('textbox', { name: 'Filter by name or kind' }).fill('');
    await panel().getByText('4 of 4 layers').waitFor();
  });

  it('writes an override into the config when a bar is dragged', async () => {
    onTestFailed(() => workbench.screenshot('failed-layers-drag'));
    const bar = panel().getByRole('slider', { name: 'keep of conv2' });
    await bar.scrollIntoViewIfNeeded();
    const box = (await bar.boundingBox())!;
    await workbench.page.mouse.move(box.x + 5, box.y + box.height / 2);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(box.x + 0.6 * box.width, box.y + box.height / 2, { steps: 4 });
    await workbench.page.mouse.up();
    await expect.poll(written, { timeout: 10_000 }).toMatch(/\n {2}conv2: \{ keep: 0\.(59|6|61) \}\n/);
    expect(written().startsWith(text.trimEnd())).toBe(true);
    expect(parseConfig(written()).problems).toEqual([]);
    await workbench.screenshot('layers-2-dragged');
  });

  it('does the same by keys, and takes it out again', async () => {
    onTestFailed(() => workbench.screenshot('failed-layers-keys'));
    const bar = panel().getByRole('slider', { name: 'keep of conv1' });
    await bar.press('ArrowLeft');
    await bar.press('ArrowLeft');
    await expect.poll(written, { timeout: 10_000 }).toContain('conv1: { keep: 0.4 }   # the first');
    await bar.press('Delete');
    await expect.poll(written, { timeout: 10_000 }).not.toContain('conv1');
    expect(written()).toContain('# Kept by hand.');
  });

  it('leads from a layer to its line and back', async () => {
    onTestFailed(() => workbench.screenshot('failed-layers-reveal'));
    await panel().getByRole('button', { name: 'conv2' }).click();
    await workbench.statusItem(/Ln 6, Col 1/).waitFor();
    await panel().locator('tr.selected').filter({ hasText: 'conv2' }).waitFor();
    await workbench.screenshot('layers-3-revealed');
  });

  it('is there again after a reload, as it was', async () => {
    onTestFailed(() => workbench.screenshot('failed-layers-reload'));
    await workbench.reload('pocketflow.layers', 'params');
    await expect.poll(() => rows().count(), { timeout: 20_000 }).toBe(4);
    expect(await rows().first().innerText()).toContain('fc3');
  });
});
