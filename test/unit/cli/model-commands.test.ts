import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeOnnx } from '../../../src/engine/formats/onnx/write-onnx';
import { makeGraph } from '../../../src/engine/graph/graph';
import { fakeTerminal } from './fake-context';

const terminal = fakeTerminal();

/** Tells bright images (class "b") from dark ones by their mean. */
const brightness = makeGraph(
  'brightness',
  [
    { kind: 'input', name: 'image', inputs: [], shape: [8, 8, 3] },
    { kind: 'globalAvgPool', name: 'mean', inputs: ['image'], keepDims: false },
    {
      kind: 'dense',
      name: 'fc',
      inputs: ['mean'],
      params: { weight: { shape: [3, 2], data: Float32Array.of(0, 1, 0, 1, 0, 1) } },
    },
  ],
  'fc',
);

async function photo(folder: string, name: string, level: number): Promise<void> {
  mkdirSync(join(terminal.cwd, folder), { recursive: true });
  const image = sharp({ create: { width: 10, height: 10, channels: 3, background: { r: level, g: level, b: level } } });
  await image.png().toFile(join(terminal.cwd, folder, name));
}

beforeEach(async () => {
  writeFileSync(join(terminal.cwd, 'model.onnx'), encodeOnnx(brightness));
  for (const name of ['1.png', '2.png', '3.png']) {
    await photo('photos/train/a-dark', name, 20);
    await photo('photos/train/b-bright', name, 230);
  }
  await photo('photos/test/a-dark', 'right.png', 10);
  await photo('photos/test/a-dark', 'wrong.png', 200);
  await photo('photos/test/b-bright', 'right.png', 250);
  await photo('photos/test/b-bright', 'right-too.png', 240);
});

const evaluate = ['evaluate', 'model.onnx', '--dataset', 'photos', '--mean', '.5,.5,.5', '--std', '.5,.5,.5'];

describe('evaluate', () => {
  it('gives accuracy in percent and samples, as one object on the last line', async () => {
    expect(await terminal.run(...evaluate, '--json')).toBe(0);
    expect(terminal.result()).toMatchObject({ accuracy: 75, samples: 4, split: 'test' });
  });

  it('takes the size of images from the model, and says it for people', async () => {
    expect(await terminal.run(...evaluate)).toBe(0);
    expect(terminal.stdout).toMatch(/^model\.onnx on .* test: 75\.00 % of 4 /);
  });

  it('says when model and images do not fit', async () => {
    expect(await terminal.run(...evaluate, '--image-size', '16')).toBe(2);
    expect(terminal.stderr).toMatch(/the model takes 8 x 8 x 3 images, those of .* are 16 x 16 x 3/);
  });

  it('knows a mistyped data set from a folder', async () => {
    expect(await terminal.run('evaluate', 'model.onnx', '-d', 'cifar')).toBe(2);
    expect(terminal.stderr).toMatch(/no data set or folder "cifar"\nhint: did you mean cifar10\?/);
  });

  it('wants mean and std together', async () => {
    expect(await terminal.run('evaluate', 'model.onnx', '-d', 'photos', '--mean', '.5,.5,.5')).toBe(2);
    expect(terminal.stderr).toMatch(/--mean and --std go together/);
  });
});

describe('inspect', () => {
  it('shows each layer: shape, FLOPs, parameters, sparsity', async () => {
    expect(await terminal.run('inspect', 'model.onnx')).toBe(0);
    expect(terminal.stdout).toMatch(/input 8 x 8 x 3/);
    expect(terminal.stdout).toMatch(/fc +dense +2 +12 +6 +50\.0 %/);
    expect(terminal.stdout).toMatch(/total +12 +6 +50\.0 %/);
  });

  it('gives the same as one object', async () => {
    expect(await terminal.run('inspect', 'model.onnx', '--json')).toBe(0);
    expect(terminal.result()).toMatchObject({
      input: [8, 8, 3],
      layers: [{ name: 'fc', kind: 'dense', shape: [2], flops: 12, params: 6, nonzero: 3, sparsity: 0.5 }],
      total: { flops: 12, params: 6, sparsity: 0.5 },
    });
  });

  it.each([
    ['missing', 'none.onnx', /there is no file/],
    ['cut', 'cut.onnx', /damaged or cut off/],
  ])('says that a file is %s, with exit code 2', async (_, file, message) => {
    writeFileSync(join(terminal.cwd, 'cut.onnx'), encodeOnnx(brightness).subarray(0, 60));
    expect(await terminal.run('inspect', file)).toBe(2);
    expect(terminal.stderr).toMatch(message);
  });
});

it('doctor says what there is to compute with', async () => {
  expect(await terminal.run('doctor', '--json')).toBe(0);
  expect(terminal.result()).toMatchObject({
    node: process.version,
    threads: expect.any(Number),
    memory: { total: expect.any(Number) },
    backends: expect.arrayContaining([expect.objectContaining({ name: 'wasm', available: true })]),
  });
  expect(await terminal.run('doctor')).toBe(0);
  expect(terminal.stdout).toMatch(/wasm +\d/);
});
