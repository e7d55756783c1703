import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cifarRecords } from '../../../../src/engine/data/cifar10-sprite';
import { openDataset } from '../../../../src/engine/data/open-dataset';
import { writeCifarFiles } from '../../../support/cifar-files';
import { temporaryFolder } from '../../../support/temporary-folder';

async function open(directory: string) {
  const warnings: string[] = [];
  const dataset = await openDataset(
    { kind: 'builtin', name: 'cifar10', directory, validation: 0.1 },
    { seed: 0, onWarning: (message) => warnings.push(message) },
  );
  onTestFinished(() => dataset.close());
  return { dataset, warnings };
}

function smallCifar(): string {
  const folder = temporaryFolder();
  writeCifarFiles(folder, 20);
  return folder;
}

describe('CIFAR-10 from a directory', () => {
  it('has the shape, classes and statistics that CIFAR-10 models expect', async () => {
    const { dataset } = await open(smallCifar());
    expect(dataset.imageShape).toEqual([32, 32, 3]);
    expect(dataset.classes[0]).toBe('airplane');
    expect(dataset.classes[9]).toBe('truck');
    expect(dataset.normalization.mean).toEqual([0.485, 0.456, 0.406]);
    expect(dataset.counts).toEqual({ train: 90, validation: 10, test: 20 });
  });

  it('is shifted and mirrored by its standard augmentation', async () => {
    const { dataset } = await open(smallCifar());
    let shifted = 0;
    let mirrored = 0;
    for await (const { count, images } of dataset.batches('train', { batchSize: 90, augment: true })) {
      for (let i = 0; i < count; i++) {
        const at = (y: number, x: number, c: number) => images[i * 3072 + (y * 32 + x) * 3 + c];
        // Red grows downwards and green to the right, see the fixture.
        const row = Math.round(((at(16, 16, 0) * 0.229 + 0.485) * 255) / 8);
        if (row !== 16) shifted++;
        if (at(16, 17, 1) < at(16, 16, 1)) mirrored++;
      }
    }
    // 8 of 9 are shifted up or down, half are mirrored; 4.5 standard deviations either way.
    expect(shifted).toBeGreaterThan(66);
    expect(mirrored).toBeGreaterThan(23);
    expect(mirrored).toBeLessThan(67);
  });

  it('is found in the folder that its archive unpacks to', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'cifar-10-batches-bin'));
    writeCifarFiles(join(folder, 'cifar-10-batches-bin'), 20);
    expect((await open(folder)).dataset.counts.test).toBe(20);
  });

  it('warns of files with another number of images', async () => {
    const { warnings } = await open(smallCifar());
    expect(warnings).toHaveLength(6);
    expect(warnings[0]).toMatch(/data_batch_1\.bin has 20 images, not the 10000/);
  });
});

describe('what is wrong with the files is said', () => {
  it('a missing file, or the wrong version', async () => {
    const folder = smallCifar();
    rmSync(join(folder, 'data_batch_3.bin'));
    await expect(open(folder)).rejects.toThrow(/has no data_batch_3\.bin: download the binary version/);
    const python = temporaryFolder();
    writeFileSync(join(python, 'data_batch_1'), '');
    await expect(open(python)).rejects.toThrow(/it holds the Python version/);
  });

  it('a truncated file', async () => {
    const folder = smallCifar();
    truncateSync(join(folder, 'test_batch.bin'), 5000);
    await expect(open(folder)).rejects.toThrow(/test_batch\.bin is cut short: 5000 bytes/);
    truncateSync(join(folder, 'test_batch.bin'), 0);
    await expect(open(folder)).rejects.toThrow(/test_batch\.bin is cut short: 0 bytes/);
  });

  it('a label that is no class', async () => {
    const folder = smallCifar();
    const path = join(folder, 'data_batch_2.bin');
    const bytes = readFileSync(path);
    bytes[3 * 3073] = 77;
    writeFileSync(path, bytes);
    await expect(open(folder)).rejects.toThrow(/data_batch_2\.bin has label 77 at image 3/);
  });
});

describe('sprites', () => {
  const pixels = Uint8Array.from({ length: 2 * 1024 * 3 }, (_, i) => (i * 7) % 251);
  const sprite = sharp(pixels, { raw: { width: 1024, height: 2, channels: 3 } })
    .png()
    .toBuffer();

  it('become the records of the official files', async () => {
    const records = await cifarRecords(await sprite, [4, 9]);
    expect(records.length).toBe(2 * 3073);
    expect([records[0], records[3073]]).toEqual([4, 9]);
    for (const [image, p, c] of [
      [0, 0, 0],
      [0, 1023, 2],
      [1, 500, 1],
    ]) {
      expect(records[image * 3073 + 1 + c * 1024 + p]).toBe(pixels[(image * 1024 + p) * 3 + c]);
    }
  });

  it('are refused in another shape', async () => {
    await expect(cifarRecords(await sprite, [1, 2, 3])).rejects.toThrow(/1024 x 2 pixels in 3 channels/);
  });
});
