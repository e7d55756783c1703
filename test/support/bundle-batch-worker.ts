import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Vitest runs TypeScript sources, but a worker thread needs JavaScript: bundles it before the tests. */
export default async function bundleBatchWorker(): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: { 'batch-worker': 'src/engine/data/worker.ts' },
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
}
