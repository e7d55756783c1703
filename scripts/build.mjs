// Bundles each process of the product into dist/. `--watch` rebuilds on change, `--production` minifies.
import { chmodSync, mkdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const flags = new Set(process.argv.slice(2));

/** Native code, and what finds its own files by path, stays in node_modules. */
const external = ['vscode', '@tensorflow/*', 'onnxruntime-node', 'sharp'];
/** ES modules lack what bundled CommonJS packages may ask for. */
const requireShim =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** zod's messages in fifty languages make up a third of each bundle, and none of them is ever shown. */
const englishOnly = {
  name: 'english-only',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ resolveDir }) =>
      basename(resolve(resolveDir, '..', '..')) === 'zod'
        ? { path: resolve(resolveDir, '../locales/en.js') }
        : undefined,
    );
  },
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  plugins: [englishOnly],
  sourcemap: true,
  minify: flags.has('--production'),
  logLevel: 'info',
};
const node = { ...shared, platform: 'node', target: 'node20', external };
const module = { ...node, format: 'esm', banner: { js: requireShim } };

const bundles = [
  {
    ...module,
    entryPoints: { cli: 'src/cli/main.ts' },
    outdir: 'dist',
    banner: { js: `#!/usr/bin/env node\n${requireShim}` },
  },
  {
    ...module,
    entryPoints: { engine: 'src/engine/process.ts', 'batch-worker': 'src/engine/data/worker.ts' },
    outdir: 'dist',
  },
  {
    ...node,
    format: 'cjs',
    entryPoints: { extension: 'src/extension/extension.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
  },
  {
    ...shared,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: { result: 'webview/result/main.ts' },
    outdir: 'dist/webview',
  },
];

mkdirSync(`${root}/dist`, { recursive: true });
if (flags.has('--watch')) {
  for (const bundle of bundles) await (await esbuild.context(bundle)).watch();
} else {
  await Promise.all(bundles.map((bundle) => esbuild.build(bundle)));
  chmodSync(`${root}/dist/cli.js`, 0o755);
}
