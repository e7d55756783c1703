import { rmSync, truncateSync, writeFileSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Dataset } from '../../../../src/engine/data/dataset';
import { openDataset } from '../../../../src/engine/data/open-dataset';
import { idxBytes, writeMnistFiles } from '../../../support/idx-files';
import { temporaryFolder } from '../../../support/temporary-folder';

async function open(name: 'mnist' | 'fashion-mnist', directory: string, signal?: AbortSignal): Promise<Dataset> {
  const dataset = await openDataset(
    { kind: 'builtin', name, directory, validation: 0.2 },
    { seed: 0, ...(signal && { signal }) },
  );
  onTestFinished(() => dataset.close());
  return dataset;
}

function smallMnist(): string {
  const folder = temporaryFolder();
  writeMnistFiles(folder, { train: 50, test: 20 });
  return folder;
}

describe('MNIST from a directory', () => {
  it('has the shape, classes and statistics of MNIST', async () => {
    const dataset = await open('mnist', smallMnist());
    expect(dataset.imageShape).toEqual([28, 28, 1]);
    expect(dataset.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(dataset.normalization).toEqual({ mean: [0.1307], std: [0.3081] });
    expect(dataset.counts).toEqual({ train: 40, validation: 10, test: 20 });
    for await (const { count, images, labels } of dataset.batches('test', { batchSize: 20 })) {
      for (let i = 0; i < count; i++) {
        expect(labels[i]).toBe(i % 10);
        expect(images[i * 784 + 783]).toBeCloseTo((i / 255 - 0.1307) / 0.3081, 5);
      }
    }
  });

  it('is not augmented by default', async () => {
    const dataset = await open('mnist', smallMnist());
    for await (const { images } of dataset.batches('train', { batchSize: 40, augment: true })) {
      for (let i = 0; i < images.length; i++) expect(images[i]).toBe(images[i - (i % 784)]);
    }
  });

  it('may be zipped, and named as some tools unpack it', async () => {
    const folder = smallMnist();
    const zipped = join(folder, 'train-images-idx3-ubyte');
    writeFileSync(`${zipped}.gz`, gzipSync(readFileSync(zipped)));
    rmSync(zipped);
    renameSync(join(folder, 't10k-labels-idx1-ubyte'), join(folder, 't10k-labels.idx1-ubyte'));
    expect((await open('mnist', folder)).counts.train).toBe(40);
  });
});

describe('what is wrong with the files is said', () => {
  const opening = (change: (folder: string) => void) => {
    const folder = smallMnist();
    change(folder);
    return expect(open('mnist', folder)).rejects;
  };

  it('a missing file or folder', async () => {
    await opening((folder) => rmSync(join(folder, 't10k-labels-idx1-ubyte'))).toThrow(
      /has no t10k-labels-idx1-ubyte .*download .* directory: \.\/mnist/,
    );
    await opening((folder) => rmSync(folder, { recursive: true })).toThrow(/can't read the folder .*ENOENT/);
  });

  it('a truncated file', async () => {
    await opening((folder) => truncateSync(join(folder, 'train-images-idx3-ubyte'), 30_000)).toThrow(
      /train-images-idx3-ubyte is cut short: 30000 bytes, where 50 x 28 x 28 need 39216/,
    );
  });

  it('labels and images of different number', async () => {
    await opening((folder) => writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), idxBytes([2], [1, 2]))).toThrow(
      /t10k-images-idx3-ubyte has 20 images, but .*t10k-labels-idx1-ubyte has 2 labels/,
    );
  });

  it('images of another size', async () => {
    await opening((folder) =>
      writeFileSync(join(folder, 't10k-images-idx3-ubyte'), idxBytes([1, 2, 2], [1, 2, 3, 4])),
    ).toThrow(/1 x 2 x 2 pixels instead of images of 28 x 28/);
  });

  it('a label that is no class', async () => {
    await opening((folder) =>
      writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), idxBytes([20], new Uint8Array(20).fill(10, 7))),
    ).toThrow(/has label 10 at image 7; MNIST has 10 classes/);
  });
});

it('says which files Fashion-MNIST needs', async () => {
  const spec = { kind: 'builtin', name: 'fashion-mnist', validation: 0.1 } as const;
  await expect(openDataset(spec, { seed: 0 })).rejects.toThrow(
    /train-images-idx3-ubyte\.gz, .*t10k-labels-idx1-ubyte\.gz .*directory: \.\/fashion-mnist/,
  );
  const dataset = await open('fashion-mnist', smallMnist());
  expect(dataset.name).toBe('fashion-mnist');
  expect(dataset.classes).toContain('Ankle boot');
  expect(dataset.normalization).toEqual({ mean: [0.286], std: [0.353] });
});

it('stops when it is told to', async () => {
  await expect(open('mnist', smallMnist(), AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
