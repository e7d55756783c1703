import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDir } from './cache-dir.mjs';
import { run } from './run.mjs';
import { phase, SetupError } from './report.mjs';

const VERSION = '4.100.3';

/** code-server, a real VS Code without a download from its vendor, built from its npm package into the cache. */
export async function installCodeServer() {
  const folder = cacheDir(`code-server-${VERSION}`);
  if (existsSync(join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'))) return;
  await phase('installing code-server for the end-to-end tests', async () => {
    mkdirSync(cacheDir(), { recursive: true });
    const work = mkdtempSync(cacheDir('code-server-work-'));
    try {
      await build(work);
      rmSync(folder, { recursive: true, force: true });
      renameSync(work, folder);
    } catch (error) {
      rmSync(work, { recursive: true, force: true });
      throw new SetupError(
        `${error.message}\n\ncode-server could not be installed, which the end-to-end tests run in. All else: npm test -- lint unit lsp`,
      );
    }
  });
}

async function build(work) {
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, 'include', 'node', 'node.h')) ? { npm_config_nodedir: prefix } : {};
  const npm = (cwd, ...args) => run('npm', args, { cwd, env: { npm_config_ignore_scripts: 'false', ...headers } });
  writeFileSync(join(work, 'package.json'), '{ "private": true }\n');
  await npm(work, 'install', '--ignore-scripts', '--no-audit', '--no-fund', `code-server@${VERSION}`);

  const vscode = join(work, 'node_modules', 'code-server', 'lib', 'vscode');
  await npm(vscode, 'install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund');
  await npm(vscode, 'rebuild', '@vscode/spdlog', 'native-watchdog', '@parcel/watcher');
  await npm(join(vscode, 'node_modules', 'node-pty'), 'exec', '--yes', '--', 'node-gyp', 'rebuild');
  await npm(work, 'rebuild', 'argon2');
  await npm(join(vscode, 'extensions'), 'install', '--ignore-scripts', '--no-audit', '--no-fund');

  const ripgrep = join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin');
  mkdirSync(ripgrep, { recursive: true });
  // Its own ripgrep would be downloaded.
  cpSync((await run('which', ['rg'])).trim(), join(ripgrep, 'rg'), { dereference: true });
  // VS Code asks for its packages under the name that they have in a packed desktop build.
  symlinkSync('node_modules', join(vscode, 'node_modules.asar'), 'dir');
}
