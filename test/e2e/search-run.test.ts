import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { journalPath, runsDirectory } from '../../src/runs/paths';
import { parseJournal } from '../../src/runs/read';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { Workbench } from './support/workbench';

const config = (trials: number): string => `model: lenet
dataset: { name: mnist, limit: 2000, validation: 500 }
learner: channel
target: { flops: 0.5 }
ratios: auto
search: { trials: ${trials}, samples: 500 }
options: { selection: magnitude, reconstruct: false }
baseline: { epochs: 1, optimizer: adam }
training: { epochs: 1, optimizer: adam }
`;

let server: CodeServer;
let browser: Browser;
let workbench: Workbench;
beforeAll(async () => {
  [server, browser] = await Promise.all([
    CodeServer.start({
      name: 'search-run',
      prepare: (workspace) => {
        writeFileSync(join(workspace, 'short.pocketflow.yaml'), config(12));
        writeFileSync(join(workspace, 'endless.pocketflow.yaml'), config(100_000));
      },
    }),
    launchBrowser(),
  ]);
  workbench = await Workbench.open(browser, server);
  workbench.page.setDefaultTimeout(30_000);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const panel = () => workbench.webview();
const figures = (text: RegExp) => panel().locator('header strong').filter({ hasText: text });

/** The events of the one run whose name begins like this. */
function journal(name: string) {
  const runs = runsDirectory(server.workspace);
  const run = readdirSync(runs).find((id) => id.includes(name))!;
  return parseJournal(readFileSync(journalPath(join(runs, run)), 'utf8'));
}

describe('a search on MNIST', () => {
  it('is watched from the palette to its end, and its best is the one of the journal', async () => {
    onTestFailed(() => workbench.screenshot('failed-search-run'));
    await workbench.openFile('short.pocketflow.yaml');
    await workbench.command('PocketFlow: Run Compression');
    // The result comes to the front when the run has begun.
    await panel().getByText('Running', { exact: true }).waitFor({ timeout: 30_000 });
    await workbench.command('PocketFlow: Show Search');
    await figures(/^12 of 12 trials/).waitFor({ timeout: 45_000 });
    await panel().getByText('Finished', { exact: true }).waitFor({ timeout: 45_000 });
    const trials = journal('short').filter((event) => event.type === 'trial.finished');
    const complete = trials.filter(({ state }) => state === 'complete');
    const best = complete.reduce((a, b) => ((b.reward ?? 0) > (a.reward ?? 0) ? b : a));
    expect(trials).toHaveLength(12);
    await panel()
      .getByRole('img', { name: new RegExp(`the best is trial ${best.trial} with reward ${best.reward!.toFixed(4)}`) })
      .waitFor();
    await workbench.screenshot('search-run-1');
  });

  it('is there again after a reload, with what was chosen', async () => {
    onTestFailed(() => workbench.screenshot('failed-search-reload'));
    const filter = panel().getByRole('textbox', { name: /Filter by origin/ });
    await filter.fill('front');
    await workbench.reload('pocketflow.search', 'front');
    await figures(/^12 of 12 trials/).waitFor({ timeout: 30_000 });
    expect(await filter.inputValue()).toBe('front');
  });

  it('stops within two seconds, the typing of the command included', async () => {
    onTestFailed(() => workbench.screenshot('failed-search-stop'));
    await workbench.command('View: Close All Editors');
    await workbench.openFile('endless.pocketflow.yaml');
    await workbench.command('PocketFlow: Run Compression');
    // The result comes to the front when the run has begun.
    await panel().getByText('Running', { exact: true }).waitFor({ timeout: 30_000 });
    // Before its first trial the run has no search to show.
    const searches = (): boolean => journal('endless').some(({ type }) => type === 'trial.finished');
    await expect.poll(searches, { timeout: 45_000 }).toBe(true);
    await workbench.command('PocketFlow: Show Search');
    await figures(/^[1-9]\d* of 100000 trials/).waitFor({ timeout: 45_000 });
    const asked = Date.now();
    await workbench.command('PocketFlow: Stop Compression');
    await panel().getByText('Stopped', { exact: true }).waitFor({ timeout: 10_000 });
    const last = journal('endless').at(-1);
    expect(last?.type).toBe('run.stopped');
    const milliseconds = Date.parse(last!.time) - asked;
    console.log(`from the palette to the stop: ${milliseconds} ms`);
    // The palette has its part in it: typing, and looking for the command.
    expect(milliseconds).toBeLessThan(2000);
    await workbench.screenshot('search-run-2-stopped');
  });
});
