import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, run } from './run.mjs';
import { phase, SetupError } from './report.mjs';

/** Installs the packages of the lock file, unless they are there already. Install scripts don't run: see tfjs-node.mjs. */
export async function installNodeModules(root) {
  if (installed(root)) return;
  await phase('installing packages', async () => {
    try {
      await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(`${error.message}\n\nCheck the connection to the npm registry, then try again.`);
    }
  });
}

/**
 * Whether node_modules holds what the lock file asks for, by the record that npm leaves at the end of an installation.
 * So a package that was added by `npm install` doesn't lead to a second installation of everything.
 */
export function installed(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const there = packagesOf(record);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    // Optional packages are for other platforms, and the one without a name is the project itself.
    ([path, { version, optional }]) => path === '' || optional || there[path]?.version === version,
  );
}

function packagesOf(lockPath) {
  return JSON.parse(readFileSync(lockPath, 'utf8')).packages;
}
