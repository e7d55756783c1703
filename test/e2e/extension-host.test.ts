import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { launchBrowser } from './support/browser';
import { CodeServer } from './support/code-server';
import { hostSuitePath, outputPath } from './support/paths';
import { workbenchUrl } from './support/workbench-url';

const testCase = z.object({ fullTitle: z.string(), err: z.object({ message: z.string().optional() }).loose() });
const mochaReport = z.object({ passes: z.array(testCase), failures: z.array(testCase) });

const reportPath = join(outputPath, 'extension-host.json');
let server: CodeServer;
beforeAll(async () => {
  server = await CodeServer.start({ name: 'extension-host', env: { POCKETFLOW_E2E_REPORT: reportPath } });
});
afterAll(() => server?.stop());

it('passes its suite in the extension host', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const printed: string[] = [];
    page.on('console', (message) => printed.push(message.text()));
    // The workbench calls these two where a desktop would print and exit.
    await page.exposeFunction('codeAutomationLog', (type: string, values: unknown[]) => {
      printed.push(`${type}: ${values.map(String).join(' ')}`);
    });
    const ended = new Promise((resolve) => {
      void page
        .exposeFunction('codeAutomationExit', resolve)
        .then(() => page.goto(workbenchUrl(server, hostSuitePath)));
    });
    const late = new Promise((resolve) => setTimeout(resolve, 170_000, 'late'));
    const code = await Promise.race([ended, late]);
    if (code === 'late') {
      await page.screenshot({ path: join(outputPath, 'extension-host.png') });
      throw new Error(`the suite did not end:\n${printed.slice(-30).join('\n')}`);
    }
    const { passes, failures } = mochaReport.parse(JSON.parse(readFileSync(reportPath, 'utf8')));
    expect(failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`)).toEqual([]);
    expect(passes.length).toBeGreaterThan(0);
    for (const { fullTitle } of passes) console.log(`in the extension host: ${fullTitle}`);
  } finally {
    await browser.close();
  }
});
