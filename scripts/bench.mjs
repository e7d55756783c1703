// Runs one benchmark against its peer. usage: npm run bench -- NAME [--json] [ARGUMENTS]
// The last line on stdout is JSON: {name, ratio, ours, peer, peerName, unit, threads, runs}, or an array of such.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeModule } from './build/options.mjs';
import { root } from './root.mjs';
import { pythonEnv } from './setup/python-env.mjs';
import { phase, SetupError } from './setup/report.mjs';
import { run, runLoudly } from './setup/run.mjs';
import { main, setUp } from './setup/setup.mjs';

/** Peers that are Python packages, from wherever pip is set up to look. */
const torch = ['torch==2.15.0', 'numpy'];
const peers = { train: torch, evaluation: torch };

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  const names = readdirSync(join(root, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length));
  if (!names.includes(name)) {
    const wrong = name === undefined ? 'Which benchmark?' : `There is no benchmark "${name}".`;
    throw new SetupError(`${wrong} There are: ${names.join(', ')}. usage: npm run bench -- NAME [--json]`);
  }
  await setUp();
  const peer = peers[name];
  const env = peer ? { POCKETFLOW_PYTHON: await pythonEnv(peer) } : {};
  await phase('building', () => run(process.execPath, ['scripts/build.mjs'], { cwd: root }));
  const { build } = await import('esbuild');
  // Beside the product's bundles, where it looks for the batch worker.
  const outfile = join(root, 'dist', `bench-${name}.js`);
  await build({ ...nodeModule(), entryPoints: [join('bench', `${name}.ts`)], outfile, logLevel: 'error' });
  return runLoudly(process.execPath, [outfile, ...args], { cwd: root, env });
});
