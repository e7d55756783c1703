// Sets up whatever is missing and runs all checks. usage: npm test [-- PART ...], parts: lint, unit, lsp, e2e
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';
import { installCodeServer } from './setup/code-server.mjs';
import { phase, say, SetupError } from './setup/report.mjs';
import { run, runLoudly } from './setup/run.mjs';
import { main, setUp } from './setup/setup.mjs';
import { editorTests, installSystemPackages } from './setup/system-packages.mjs';
import { Tally } from './test/tally.mjs';

const tally = new Tally();
const reports = mkdtempSync(join(tmpdir(), 'pocketflow-test-'));

const parts = {
  lint: async () => {
    await check('types', 'typescript/bin/tsc', '-p', '.', '--noEmit');
    await check('types of the webviews', 'typescript/bin/tsc', '-p', 'webview', '--noEmit');
    await check('ESLint', 'eslint/bin/eslint.js', '.');
    await check('format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.');
  },
  unit: () => test('unit', program('vitest/vitest.mjs'), 'run'),
  lsp: async () => {
    const config = join('test', 'lsp', 'vitest.config.ts');
    if (existsSync(join(root, config))) await test('lsp', program('vitest/vitest.mjs'), 'run', '--config', config);
  },
  e2e: async () => {
    if (process.platform === 'linux') {
      await installSystemPackages(editorTests);
      await installCodeServer();
    }
    await test('e2e', join('test', 'e2e', 'run.mjs'));
  },
};

async function check(name, path, ...args) {
  say(`checking ${name}`);
  tally.addCheck(await node(program(path), ...args));
}

async function test(name, ...command) {
  say(`testing ${name}`);
  const report = join(reports, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  tally.addReport(report, await node(...command, ...reporters));
}

function program(path) {
  return join(root, 'node_modules', ...path.split('/'));
}

function node(...args) {
  return runLoudly(process.execPath, args, { cwd: root });
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
    rmSync(reports, { recursive: true, force: true });
  }
  say('done');
  console.log(String(tally));
  return tally.failed === 0 ? 0 : 1;
});
