// Bundles each process of the product into dist/. `--watch` rebuilds on change, `--production` minifies.
import { chmodSync } from 'node:fs';
import esbuild from 'esbuild';
import { browser, nodeCommonJs, nodeModule } from './build/options.mjs';
import { root } from './root.mjs';

const flags = new Set(process.argv.slice(2));

const bundles = [
  {
    ...nodeModule({ firstLine: '#!/usr/bin/env node\n' }),
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: 'dist',
  },
  {
    ...nodeModule(),
    entryPoints: { engine: 'src/engine/process.ts', 'batch-worker': 'src/engine/data/worker.ts' },
    outdir: 'dist',
  },
  {
    ...nodeCommonJs,
    entryPoints: { extension: 'src/extension/extension.ts' },
    outdir: 'dist',
  },
  {
    ...nodeCommonJs,
    entryPoints: { server: 'src/server/main.ts', 'facts-worker': 'src/server/facts-worker.ts' },
    outdir: 'dist',
  },
  {
    ...browser,
    entryPoints: Object.fromEntries(
      ['result', 'layers', 'search', 'model'].map((name) => [name, `webview/${name}/main.ts`]),
    ),
    outdir: 'dist/webview',
  },
].map((bundle) => ({ ...bundle, minify: flags.has('--production'), logLevel: 'info' }));

if (flags.has('--watch')) {
  for (const bundle of bundles) await (await esbuild.context(bundle)).watch();
} else {
  await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
  chmodSync(`${root}/dist/cli.js`, 0o755);
}
