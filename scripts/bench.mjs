// Runs one benchmark against its peer. usage: npm run bench -- NAME [--json] [ARGUMENTS]
// The last line of its output is one JSON object: {name, ratio, ours, peer, peerName, unit, threads, runs}.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { phase, SetupError } from './setup/report.mjs';
import { pythonEnv } from './setup/python-env.mjs';
import { run, runLoudly } from './setup/run.mjs';
import { main, root, setUp } from './setup/setup.mjs';

/** Peers that are Python packages. */
const python = { train: ['torch==2.15.0', 'numpy'] };

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  const names = readdirSync(join(root, 'bench'), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'median.ts')
    .map((entry) => entry.name.replace(/\.ts$/, ''));
  if (!names.includes(name))
    throw new SetupError(`There is no benchmark "${name ?? ''}"; there are ${names.join(', ')}.`);

  // The last line on stdout is the result, so progress goes to stderr.
  console.log = console.error;
  await setUp();
  const env = python[name] ? { POCKETFLOW_PYTHON: await pythonEnv(python[name]) } : {};
  await phase('building', () => run(process.execPath, ['scripts/build.mjs'], { cwd: root }));
  const { build } = await import('esbuild');
  // Beside the product's bundles, which it looks for next to itself.
  const outfile = join(root, 'dist', `bench-${name}.js`);
  mkdirSync(join(root, 'dist'), { recursive: true });
  await build({
    entryPoints: [join(root, 'bench', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['@tensorflow/*', 'onnxruntime-node', 'sharp'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return runLoudly(process.execPath, [outfile, ...args], { cwd: root, env });
});
