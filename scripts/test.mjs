// Sets up whatever is missing and runs all checks. usage: npm test [-- PART ...], parts: lint, unit, lsp, e2e
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCodeServer } from './setup/code-server.mjs';
import { phase, say, SetupError } from './setup/report.mjs';
import { run, runLoudly } from './setup/run.mjs';
import { main, root, setUp } from './setup/setup.mjs';
import { installSystemPackages } from './setup/system-packages.mjs';

const bin = (...path) => join(root, 'node_modules', ...path);
const node = (...args) => runLoudly(process.execPath, args, { cwd: root });
const scratch = mkdtempSync(join(tmpdir(), 'pocketflow-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };

const parts = {
  lint: async () => {
    const checks = [
      ['types', [bin('typescript', 'bin', 'tsc'), '-p', '.', '--noEmit']],
      ['types of the webviews', [bin('typescript', 'bin', 'tsc'), '-p', 'webview', '--noEmit']],
      ['ESLint', [bin('eslint', 'bin', 'eslint.js'), '.']],
      ['Prettier', [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']],
    ];
    for (const [name, args] of checks) {
      const code = await phase(`checking ${name}`, () => node(...args));
      total[code === 0 ? 'passed' : 'failed']++;
    }
  },
  unit: () => vitest('unit', []),
  lsp: async () => {
    if (readdirSync(join(root, 'test', 'lsp'), { recursive: true }).some((name) => name.endsWith('.test.ts'))) {
      await vitest('lsp', ['--config', 'test/lsp/vitest.config.ts']);
    }
  },
  e2e: async () => {
    if (process.platform === 'linux') {
      await installSystemPackages();
      await installCodeServer();
    }
    await vitestBy('e2e', [join('test', 'e2e', 'run.mjs')]);
  },
};

function vitest(name, args) {
  return vitestBy(name, [bin('vitest', 'vitest.mjs'), 'run', ...args]);
}

/** Runs tests and adds up what they report; a run that reports nothing has failed. */
async function vitestBy(name, args) {
  const report = join(scratch, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await phase(`testing ${name}`, () => node(...args, ...reporters));
  if (!existsSync(report)) {
    if (code !== 0) total.failed++;
    return;
  }
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  total.passed += numPassedTests;
  total.skipped += numPendingTests;
  // A file that fails before its first test counts no test as failed.
  total.failed += Math.max(numFailedTests, code === 0 ? 0 : 1);
}

await main(async () => {
  const asked = process.argv.slice(2);
  const unknown = asked.find((name) => !Object.hasOwn(parts, name));
  if (unknown) throw new SetupError(`There is no part "${unknown}"; there are ${Object.keys(parts).join(', ')}.`);
  try {
    await setUp();
    await phase('building', () => run(process.execPath, ['scripts/build.mjs'], { cwd: root }));
    for (const name of asked.length > 0 ? asked : Object.keys(parts)) await parts[name]();
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  say('done');
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
});
