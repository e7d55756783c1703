import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../src/config/parse';
import { resolveConfig } from '../src/config/resolve';
import { compress } from '../src/engine/compress';
import { createRun } from '../src/runs/journal';
import { cases } from './support/compression-cases';

/**
 * What each way of compressing costs in accuracy and saves in bytes: each case is a whole run on CIFAR-10, measured on the
 * 10,000 test images by onnxruntime on the files that it wrote, against the original in the same run.
 * usage: npm run bench -- compression MODEL.onnx [--epochs N] [CASE...]; without epochs nothing is trained.
 */
const {
  values: { epochs },
  positionals: [model, ...names],
} = parseArgs({
  allowPositionals: true,
  options: { epochs: { type: 'string', default: '0' }, json: { type: 'boolean', default: false } },
});
if (!model) throw new Error('usage: npm run bench -- compression MODEL.onnx [--epochs N] [CASE...]');
const chosen = names.length > 0 ? names : Object.keys(cases);
const results: object[] = [];
for (const name of chosen) {
  const stage = cases[name];
  if (stage === undefined) throw new Error(`there is no case "${name}": there are ${Object.keys(cases).join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'pocketflow-bench-'));
  try {
    results.push({ name, ...(await measure(stage, folder)) });
    process.stderr.write(`${JSON.stringify(results.at(-1))}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
process.stdout.write(`${JSON.stringify(results)}\n`);

async function measure(stage: string, folder: string): Promise<object> {
  const start = performance.now();
  const text = `
model: ${JSON.stringify(resolve(model))}
dataset: cifar10
output: { formats: [onnx, packed] }
${stage}
training: { epochs: ${epochs} }
`;
  const { config, problems } = parseConfig(text);
  if (!config) throw new Error(problems.map(({ message }) => message).join('\n'));
  const plan = resolveConfig(config, { baseDirectory: folder });
  const run = createRun(folder, { name: 'bench', config: plan, version: '0' });
  try {
    const { before, after } = await compress(plan, run, { signal: new AbortController().signal });
    return {
      ratio: ratio(after.accuracy, before.accuracy),
      ours: after.accuracy,
      peer: before.accuracy,
      peerName: 'the original in float32, same runtime and images',
      unit: '% of the test images',
      config: stage,
      epochs: Number(epochs),
      minutes: Number(((performance.now() - start) / 60_000).toFixed(1)),
      flopsKept: ratio(after.flops, before.flops),
      onnxSmaller: ratio(before.bytes, after.bytes),
      packedSmaller: ratio(before.packedBytes, after.packedBytes),
      packedBytes: after.packedBytes,
      faster: ratio(before.latencyMs, after.latencyMs),
    };
  } finally {
    run.close();
  }
}

function ratio(a = NaN, b = NaN): number {
  return Number((a / b).toFixed(3));
}
