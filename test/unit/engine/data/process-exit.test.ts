import { execFile } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { writeMnistFiles } from '../../../support/idx-files';
import { temporaryFolder } from '../../../support/temporary-folder';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

it('ends with the main thread, though nobody closed the data set, and not before it has its batches', async () => {
  const folder = temporaryFolder();
  writeMnistFiles(folder, { train: 50, test: 20 });
  const script = join(folder, 'main.mjs');
  await build({
    stdin: {
      contents: `
        import { openDataset } from './src/engine/data/open-dataset';
        const spec = { kind: 'builtin', name: 'mnist', directory: ${JSON.stringify(folder)}, validation: 0.2 };
        const dataset = await openDataset(spec, { seed: 0 });
        let samples = 0;
        for await (const { count } of dataset.batches('train', { batchSize: 4 })) samples += count;
        for await (const batch of dataset.batches('train', { batchSize: 4 })) break;
        console.log(samples);`,
      resolveDir: root,
    },
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Native, and not needed here: there is no node_modules beside the script.
    external: ['sharp'],
  });
  copyFileSync(join(root, 'dist/batch-worker.js'), join(folder, 'batch-worker.js'));
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 10_000 });
  expect(stdout.trim()).toBe('40');
});
