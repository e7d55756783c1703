import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { loadConfigText } from '../../support/load-config-text';
import { compress } from '../../../src/engine/compress';
import { dryRun } from '../../../src/engine/dry-run';
import { readModel } from '../../../src/engine/formats/read-model';
import { graphCost } from '../../../src/engine/graph/cost';
import { parameters } from '../../../src/engine/graph/graph';
import { createRun, resumeRun } from '../../../src/runs/journal';
import { readRun } from '../../../src/runs/read';
import { writeMnistFiles } from '../../support/idx-files';
import { temporaryFolder } from '../../support/temporary-folder';

/** Ten classes that differ in their grey: easy to learn, so a run takes seconds. */
function workspace(): string {
  const folder = temporaryFolder();
  writeMnistFiles(folder, { train: 320, test: 40, pixel: (image) => (image % 10) * 25 });
  return folder;
}

const config = (stages: string) => `
model: lenet
dataset: { name: mnist, directory: . }
baseline: { epochs: 2 }
${stages}
`;
const prune = 'target: { flops: 0.5 }\noptions: { samples: 64 }\ntraining: { epochs: 1 }';

function start(folder: string, text: string) {
  const plan = loadConfigText(text, folder);
  return { plan, run: createRun(folder, { name: 'test', config: plan, version: '0' }) };
}
const running = () => new AbortController().signal;

describe('compress', () => {
  it('leaves a smaller model in both formats, measured, and a journal that says so', async () => {
    const folder = workspace();
    const { plan, run } = start(folder, config(prune));
    const { before, after } = await compress(plan, run, { signal: running() });
    run.close();

    expect(after.flops).toBeLessThanOrEqual(0.5 * before.flops);
    expect(after.bytes).toBeLessThan(0.6 * before.bytes!);
    expect(after.samples).toBe(40);
    expect(after.latencyMs).toBeGreaterThan(0);
    const state = await readRun(run.directory);
    expect(state.status).toBe('finished');
    expect(state.after).toEqual(after);
    expect(state.artifacts.map(({ format }) => format)).toEqual(['onnx', 'tfjs']);
    for (const { path } of state.artifacts) {
      expect(graphCost(await readModel(path)).total.flops).toBe(after.flops);
    }
    const widths = state.layers.get(0)!.map(({ name, channels }) => [name, channels[1] < channels[0]]);
    expect(widths).toEqual([
      ['conv1', true],
      ['conv2', true],
      ['fc1', true],
      ['fc2', false],
    ]);
  });

  it('chains stages: what was pruned and zeroed stays so', async () => {
    const folder = workspace();
    const stages = `stages:
  - { target: { flops: 0.6 }, options: { samples: 64 }, training: { epochs: 0 } }
  - { target: { sparsity: 0.8 }, training: { epochs: 1 } }
  - { learner: full-prec, training: { epochs: 1 } }`;
    const { plan, run } = start(folder, config(stages));
    const { before, after } = await compress(plan, run, { signal: running() });
    run.close();
    expect(after.flops).toBeLessThanOrEqual(0.6 * before.flops);
    // Biases are parameters too, and are not pruned.
    expect(after.nonzero / after.params).toBeGreaterThan(0.19);
    expect(after.nonzero / after.params).toBeLessThan(0.22);
    expect(after.gzipBytes! / after.bytes!).toBeLessThan(0.5);
  });

  it('ends with the same model when it is stopped in the middle and resumed', async () => {
    const folder = workspace();
    const whole = start(folder, config(prune));
    await compress(whole.plan, whole.run, { signal: running() });
    whole.run.close();

    const cut = start(folder, config(prune));
    const abort = new AbortController();
    cut.run.onEvent((event) => {
      if (event.type === 'epoch' && event.phase.includes('baseline') && event.epoch === 1)
        abort.abort(new Error('stop'));
    });
    await expect(compress(cut.plan, cut.run, { signal: abort.signal })).rejects.toThrow('stop');
    cut.run.close();
    const again = resumeRun(cut.run.directory);
    await compress(cut.plan, again, { signal: running(), resume: true });
    again.close();

    const model = async (directory: string) => parameters(await readModel(join(directory, 'lenet-compressed.onnx')));
    const [expected, resumed] = [await model(whole.run.directory), await model(cut.run.directory)];
    for (const [key, { data }] of expected) expect(resumed.get(key)?.data).toEqual(data);
  });

  it('refuses a model that does not fit the data set', async () => {
    const folder = workspace();
    const first = start(folder, config('learner: full-prec\ntraining: { epochs: 0 }'));
    await compress(first.plan, first.run, { signal: running() });
    first.run.close();
    for (const name of ['train/cat', 'train/dog']) {
      mkdirSync(join(folder, 'photos', name), { recursive: true });
      const image = sharp({ create: { width: 40, height: 40, channels: 3, background: 'red' } }).png();
      for (let i = 0; i < 4; i++) await image.toFile(join(folder, 'photos', name, `${i}.png`));
    }
    const text = `model: ${join(first.run.directory, 'original.onnx')}
dataset: { folder: photos, imageSize: 32 }
target: { flops: 0.5 }`;
    const { plan, run } = start(folder, text);
    await expect(compress(plan, run, { signal: running() })).rejects.toThrow(
      /takes images of \[28, 28, 1\], the data set \S+ has \[32, 32, 3\]/,
    );
    run.close();
  });

  it.each([
    ['a target out of reach', 'target: { flops: 0.001 }', /can't be reached/],
    ['a sparsity without layers', 'learner: weight-sparse\nlayers: { conv9: { sparsity: 0.5 } }', /no layer to prune/],
  ])('finds %s before it trains', async (_what, text, message) => {
    const { plan, run } = start(workspace(), config(text));
    await expect(compress(plan, run, { signal: running() })).rejects.toThrow(message);
    run.close();
    expect(existsSync(join(run.directory, 'checkpoints'))).toBe(false);
  });
});

describe('dryRun', () => {
  it('foretells the size that the run then has, and writes nothing', async () => {
    const folder = workspace();
    const files = readdirSync(folder);
    const { plan, run } = start(folder, config(prune));
    const { after } = await compress(plan, run, { signal: running() });
    run.close();
    const dry = temporaryFolder();
    const foretold = await dryRun(plan);
    expect(foretold.after.flops).toBe(after.flops);
    expect(foretold.after.params).toBe(after.params);
    expect(readdirSync(dry)).toEqual([]);
    expect(readdirSync(folder).filter((name) => !files.includes(name))).toEqual(['.pocketflow']);
  });
});
