import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, run } from './run.mjs';
import { phase, SetupError } from './report.mjs';

/** Installs the packages of the lock file, unless they are there already. Install scripts don't run: see tfjs-node.mjs. */
export async function installNodeModules(root) {
  const stamp = join(root, 'node_modules', '.pocketflow-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  await phase('installing packages', async () => {
    try {
      await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      throw new SetupError(`${error.message}\n\nCheck the connection to the npm registry, then try again.`);
    }
  });
  writeFileSync(stamp, lock);
}
