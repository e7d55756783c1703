import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import type { RunWriter } from '../../src/runs/journal';
import { appendEvents, beginRun, lenetLayers, lenetSpace, writeTrials } from '../support/journals';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { Workbench } from './support/workbench';

const TRIALS = 10_000;
const text = 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n';

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
let live: RunWriter;
beforeAll(async () => {
  [server, browser] = await Promise.all([
    CodeServer.start({
      name: 'search-panel',
      prepare: (workspace) => {
        for (const name of ['live', 'many']) writeFileSync(join(workspace, `${name}.pocketflow.yaml`), text);
        live = beginSearch(workspace, 'live.pocketflow.yaml', 40);
        const many = beginSearch(workspace, 'many.pocketflow.yaml', TRIALS);
        many.close();
        appendEvents(many.directory, (run) => {
          writeTrials(run, TRIALS, 2);
          run.emit({ type: 'search.finished', stage: 0, best: 7, front: [], seconds: 100 });
        });
      },
    }),
    launchBrowser(),
  ]);
  workbench = await Workbench.open(browser, server);
});
afterAll(async () => {
  live?.close();
  await browser?.close();
  await server?.stop();
});

function beginSearch(workspace: string, config: string, trials: number): RunWriter {
  const run = beginRun(workspace, { config, layers: lenetLayers([1, 1, 1]) });
  const objective = 'accuracy on validation, with half of the FLOPs';
  run.emit({ type: 'search.started', stage: 0, sampler: 'tpe', objective, trials, space: lenetSpace });
  return run;
}

const panel = () => workbench.webview();

describe('the search panel', () => {
  it('follows a search from its first trials', async () => {
    onTestFailed(() => workbench.screenshot('failed-search'));
    await workbench.openFile('live.pocketflow.yaml');
    await workbench.command('PocketFlow: Show Search');
    await panel().getByText('No trial has ended yet').waitFor();
    const results = writeTrials(live, 24);
    live.emit({
      type: 'search.state',
      stage: 0,
      text: 'Narrowing in on thin first layers.',
      paused: false,
      trials: 40,
    });
    live.emit({ type: 'trial.started', stage: 0, trial: 24, decision: [0.5, 0.5, 0.5], origin: 'tpe' });
    live.emit({ type: 'trial.progress', stage: 0, trial: 24, step: 3, total: 8 });
    await panel()
      .getByText(/24 of 40 trials · 1 running · about \d+ s left/)
      .waitFor();
    await panel().getByText('Narrowing in on thin first layers.').waitFor();
    await panel().getByText('37 %').waitFor();
    const complete = results.filter(({ state }) => state === 'complete');
    const best = complete.reduce((a, b) => ((b.reward ?? 0) > (a.reward ?? 0) ? b : a));
    await panel()
      .getByRole('img', { name: new RegExp(`the best is trial ${best.trial} with reward ${best.reward!.toFixed(4)}`) })
      .waitFor();
    await workbench.screenshot('search-1-live');
  });

  it('shows what a trial has decided', async () => {
    onTestFailed(() => workbench.screenshot('failed-search-pick'));
    const row = panel().getByRole('table', { name: 'Trials' }).locator('tbody tr').first();
    await row.getByRole('button').click();
    const picked = panel().getByRole('table', { name: /^Trial \d+/ });
    expect(await picked.getByRole('row').count()).toBe(1 + lenetSpace.length);
    await picked.scrollIntoViewIfNeeded();
    await workbench.screenshot('search-2-picked');
    const strip = panel().locator('decision-strip canvas');
    await strip.click({ position: { x: 3, y: 3 } });
    await panel().getByRole('heading', { name: 'Trial 0' }).waitFor();
    await panel().locator('trial-chart').nth(1).scrollIntoViewIfNeeded();
    await workbench.screenshot('search-3-charts');
  });

  it(`stays quick with ${TRIALS} trials`, async () => {
    onTestFailed(() => workbench.screenshot('failed-search-many'));
    await workbench.openFile('many.pocketflow.yaml');
    await workbench.command('PocketFlow: Show Search');
    await panel().getByText(`${TRIALS} of ${TRIALS} trials`).first().waitFor();
    await panel()
      .getByRole('textbox', { name: /Filter by origin/ })
      .fill('front');
    const shown = panel().locator('span[role=status]');
    await expect.poll(() => shown.innerText(), { timeout: 30_000 }).toMatch(/^\d{1,3} of 10000 trials$/);
    const draws = await panel()
      .locator('#root')
      .evaluate<number[], unknown, unknown>(`performance.getEntriesByName('draw').map(({ duration }) => duration)`);
    console.log(`drawing ${TRIALS} trials took ${draws.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    expect(draws.length).toBeGreaterThan(0);
    // What a change of the filter costs, on a machine that may have other things to do.
    expect(Math.min(...draws)).toBeLessThan(200);
    await workbench.screenshot('search-4-many');
  });
});
