import { basename, resolve } from 'node:path';
import { root } from '../root.mjs';

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

/** What all bundles share. */
const shared = {
  absWorkingDir: root,
  bundle: true,
  plugins: [englishOnly],
  sourcemap: true,
};

const node = {
  ...shared,
  platform: 'node',
  target: 'node20',
  // Native code, and what finds its own files by path, stays in node_modules.
  external: ['vscode', '@tensorflow/*', 'koffi', 'onnxruntime-node', 'sharp'],
};

/** Node programs as ES modules; `firstLine` comes before all else. */
export const nodeModule = ({ firstLine = '' } = {}) => ({
  ...node,
  format: 'esm',
  banner: { js: `${firstLine}${requireShim}` },
});

/** Node code as CommonJS, which is what VS Code's extension host loads. */
export const nodeCommonJs = { ...node, format: 'cjs', outExtension: { '.js': '.cjs' } };

/** Code of webviews. */
export const browser = { ...shared, platform: 'browser', target: 'es2022', format: 'iife' };
