import { build } from 'esbuild';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { extensionPath, hostSuitePath, outputPath } from './paths';

/** Bundles the suite for the extension host; the extension itself has been built before. */
export async function setup(): Promise<void> {
  for (const file of ['extension.cjs', 'server.cjs', 'engine.js', 'webview/result.js']) {
    if (!existsSync(join(extensionPath, 'dist', file))) throw new Error(`dist/${file} is missing: npm run build`);
  }
  rmSync(outputPath, { recursive: true, force: true });
  mkdirSync(outputPath, { recursive: true });
  await build({
    entryPoints: [join(import.meta.dirname, '../host/index.ts')],
    outfile: hostSuitePath,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'error',
  });
}
