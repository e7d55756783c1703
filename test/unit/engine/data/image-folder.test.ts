import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Dataset, Split } from '../../../../src/engine/data/dataset';
import { openDataset, type OpenOptions } from '../../../../src/engine/data/open-dataset';
import { unnormalized } from '../../../support/cifar-files';
import { temporaryFolder } from '../../../support/temporary-folder';

beforeEach(() => vi.stubEnv('POCKETFLOW_CACHE', temporaryFolder()));
afterEach(() => vi.unstubAllEnvs());

const size = 16;
const spec = { kind: 'folder', imageSize: size, validation: 0.2, normalization: unnormalized } as const;

interface Picture {
  readonly width?: number;
  readonly height?: number;
  /** Grey level, 0 to 255, or a colour. */
  readonly colour?: number | { r: number; g: number; b: number };
}

async function write(path: string, { width = 40, height = 30, colour = 128 }: Picture = {}): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const background = typeof colour === 'number' ? { r: colour, g: colour, b: colour } : colour;
  await sharp({ create: { width, height, channels: 3, background } }).toFile(path);
}

/** Images whose grey level tells which they are: 3 n for the n-th; a decoder keeps flat grey to within 1. */
async function writeClasses(
  folder: string,
  classes: Record<string, number>,
  extension = 'png',
  first = 0,
): Promise<number> {
  let n = first;
  for (const [name, count] of Object.entries(classes)) {
    for (let i = 0; i < count; i++) await write(join(folder, name, `${i}.${extension}`), { colour: 3 * n++ });
  }
  return n;
}

async function open(folder: string, options: Partial<OpenOptions> = {}) {
  const warnings: string[] = [];
  const dataset = await openDataset(
    { ...spec, folder },
    { seed: 0, onWarning: (message) => warnings.push(message), ...options },
  );
  onTestFinished(() => dataset.close());
  return { dataset, warnings };
}

async function samples(dataset: Dataset, split: Split, augment = false) {
  const found: { n: number; label: number; image: number[] }[] = [];
  for await (const { count, images, labels } of dataset.batches(split, { batchSize: 5, augment })) {
    for (let i = 0; i < count; i++) {
      const image = [...images.subarray(i * size * size * 3, (i + 1) * size * size * 3)];
      found.push({ n: Math.round((image[0] * 255) / 3), label: labels[i], image });
    }
  }
  return found;
}

describe('a folder of classes', () => {
  it('is split three ways, disjoint and by class', async () => {
    const folder = temporaryFolder();
    await writeClasses(folder, { dog: 30, cat: 20 });
    const { dataset } = await open(folder);
    expect(dataset.classes).toEqual(['cat', 'dog']);
    expect(dataset.imageShape).toEqual([size, size, 3]);
    expect(dataset.counts).toEqual({ train: 32, validation: 8, test: 10 });

    const [train, validation, test] = await Promise.all(
      (['train', 'validation', 'test'] as const).map((split) => samples(dataset, split)),
    );
    const all = [...train, ...validation, ...test];
    expect(all.map(({ n }) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    for (const { n, label } of all) expect(label).toBe(n < 30 ? 1 : 0);
    expect(test.filter(({ label }) => label === 0)).toHaveLength(4);
  });

  it('has the same test images for every seed, other validation images', async () => {
    const folder = temporaryFolder();
    await writeClasses(folder, { dog: 30, cat: 20 });
    const [one, two] = [(await open(folder, { seed: 1 })).dataset, (await open(folder, { seed: 2 })).dataset];
    const numbers = async (dataset: Dataset, split: Split) => (await samples(dataset, split)).map(({ n }) => n);
    expect(await numbers(one, 'test')).toEqual(await numbers(two, 'test'));
    expect(await numbers(one, 'validation')).not.toEqual(await numbers(two, 'validation'));
  });

  it('serves classes mixed, so that a few samples stand for all', async () => {
    const folder = temporaryFolder();
    await writeClasses(folder, { a: 30, b: 30 });
    const { dataset } = await open(folder);
    const first = (await samples(dataset, 'train')).slice(0, 15);
    expect(new Set(first.map(({ label }) => label)).size).toBe(2);
  });

  it('takes extensions in any case and folders within, leaves other files and hidden ones', async () => {
    const folder = temporaryFolder();
    await writeClasses(folder, { a: 5, b: 5 });
    await write(join(folder, 'a/more/deep.jpg'));
    const bytes = readFileSync(join(folder, 'a/0.png'));
    for (const name of ['b/UPPER.PNG', 'b/Mixed.Png', 'b/._0.png', 'b/notes.txt', '.git/x.png', '__MACOSX/x.png']) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    const { dataset } = await open(folder);
    const { train, validation, test } = dataset.counts;
    expect(dataset.classes).toEqual(['a', 'b']);
    expect(train + validation + test).toBe(13);
  });
});

describe('folders for training and testing', () => {
  it.each(['test', 'val', 'Validation'])('measure on %s', async (name) => {
    const folder = temporaryFolder();
    const next = await writeClasses(join(folder, 'train'), { a: 10, b: 10 });
    await writeClasses(join(folder, name), { a: 3, b: 4 }, 'png', next);
    const { dataset } = await open(folder);
    expect(dataset.counts).toEqual({ train: 16, validation: 4, test: 7 });
    expect((await samples(dataset, 'test')).every(({ n }) => n >= 20)).toBe(true);
    expect((await samples(dataset, 'validation')).every(({ n }) => n < 20)).toBe(true);
  });

  it('use all three where there are three', async () => {
    const folder = temporaryFolder();
    let next = await writeClasses(join(folder, 'train'), { a: 6, b: 6 });
    next = await writeClasses(join(folder, 'val'), { a: 2, b: 2 }, 'png', next);
    await writeClasses(join(folder, 'test'), { a: 3, b: 3 }, 'png', next);
    const { dataset } = await open(folder);
    expect(dataset.counts).toEqual({ train: 12, validation: 4, test: 6 });
    expect((await samples(dataset, 'validation')).every(({ n }) => n >= 12 && n < 16)).toBe(true);
  });

  it('refuse a class that is tested but not trained', async () => {
    const folder = temporaryFolder();
    await writeClasses(folder, { 'train/a': 3, 'train/b': 3, 'test/a': 1, 'test/zebra': 1 });
    await expect(open(folder)).rejects.toThrow(/zebra.* has no training images/);
  });

  it('are not taken for such when train is a class', async () => {
    const folder = temporaryFolder();
    await writeClasses(folder, { train: 5, bus: 5 });
    expect((await open(folder)).dataset.classes).toEqual(['bus', 'train']);
  });
});

describe('images', () => {
  it('are cut to the centre for evaluation', async () => {
    const folder = temporaryFolder();
    // White in the middle third, black on both sides: only the middle is left.
    const stripe = await sharp({ create: { width: 32, height: 32, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const picture = sharp({ create: { width: 96, height: 32, channels: 3, background: '#000' } }).composite([
      { input: stripe, left: 32, top: 0 },
    ]);
    for (const name of ['a/0.png', 'a/1.png', 'a/2.png', 'b/0.png', 'b/1.png', 'b/2.png']) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      await picture.clone().toFile(join(folder, name));
    }
    const { dataset } = await open(folder);
    for (const { image } of await samples(dataset, 'test')) expect(Math.min(...image)).toBeGreaterThan(0.99);
  });

  it('are cropped at random for training, the same each time', async () => {
    const folder = temporaryFolder();
    const gradient = Buffer.from(Uint8Array.from({ length: 64 * 48 * 3 }, (_, i) => 4 * (Math.floor(i / 3) % 64)));
    for (let i = 0; i < 12; i++) {
      const path = join(folder, i % 2 === 0 ? 'a' : 'b', `${i}.png`);
      mkdirSync(dirname(path), { recursive: true });
      await sharp(gradient, { raw: { width: 64, height: 48, channels: 3 } }).toFile(path);
    }
    const { dataset } = await open(folder);
    const augmented = await samples(dataset, 'train', true);
    expect(await samples(dataset, 'train', true)).toEqual(augmented);
    expect(new Set(augmented.map(({ image }) => image.join())).size).toBe(augmented.length);
    const plain = await samples(dataset, 'train');
    expect(new Set(plain.map(({ image }) => image.join())).size).toBe(1);
    expect(await samples(dataset, 'validation', true)).toEqual(await samples(dataset, 'validation'));
  });

  it('stay whole where only cutout is asked for', async () => {
    const folder = temporaryFolder();
    await writeClasses(folder, { a: 6, b: 6 }, 'png', 30);
    const { dataset } = await open(folder);
    const plain = await samples(dataset, 'train');
    for await (const { images, count } of dataset.batches('train', { batchSize: plain.length, cutout: 2 * size })) {
      expect(count).toBe(plain.length);
      // A square twice the size of the image covers at least a quarter of it, and no pixel gets another value.
      const values = plain.map(({ image }) => image[0]);
      const left = [...images].filter((value) => value !== 0);
      expect(left.length).toBeLessThan(0.75 * images.length);
      expect(left.every((value) => values.includes(value))).toBe(true);
    }
  });

  it('of any kind become RGB', async () => {
    const folder = temporaryFolder();
    await writeClasses(folder, { a: 4, b: 4 }, 'jpg');
    const make = (name: string, image: sharp.Sharp) => image.toFile(join(folder, 'a', name));
    const raw = (channels: 1 | 3 | 4, background: sharp.Colour) =>
      channels === 1
        ? sharp(Buffer.alloc(900, 200), { raw: { width: 30, height: 30, channels } })
        : sharp({ create: { width: 30, height: 30, channels, background } });
    await make('grey.png', raw(1, 'white'));
    await make('grey.jpg', raw(1, 'white'));
    await make('transparent.png', raw(4, { r: 1, g: 2, b: 3, alpha: 0.5 }));
    await make('deep.png', raw(3, 'red').toColourspace('rgb16'));
    await make('cmyk.jpg', raw(3, 'red').toColourspace('cmyk'));
    await make('tiny.png', sharp({ create: { width: 1, height: 2, channels: 3, background: 'red' } }));
    await make('long.png', sharp({ create: { width: 200, height: 3, channels: 3, background: 'red' } }));
    await make('very-long.png', sharp({ create: { width: 20_000, height: 2, channels: 3, background: 'red' } }));
    const { dataset, warnings } = await open(folder);
    expect(warnings).toEqual([]);
    for (const augment of [false, true]) {
      const train = await samples(dataset, 'train', augment);
      expect(train).toHaveLength(dataset.counts.train);
      for (const { image } of train) expect(image.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it('are turned as their camera says', async () => {
    const folder = temporaryFolder();
    // Left half white; orientation 6 turns it by 90 degrees, so the top is white.
    const half = await sharp({ create: { width: 32, height: 64, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const turned = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#000' } })
      .composite([{ input: half, left: 0, top: 0 }])
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    for (const name of ['a/0.jpg', 'a/1.jpg', 'a/2.jpg', 'b/0.jpg', 'b/1.jpg', 'b/2.jpg']) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), turned);
    }
    for (const { image } of await samples((await open(folder)).dataset, 'test')) {
      expect(image[0]).toBeGreaterThan(0.9);
      expect(image[(size - 1) * 3]).toBeGreaterThan(0.9);
      expect(image[(size - 1) * size * 3]).toBeLessThan(0.1);
    }
  });
});

describe('broken images', () => {
  async function photos(): Promise<string> {
    const folder = temporaryFolder();
    await writeClasses(folder, { a: 15, b: 15 }, 'jpg');
    return folder;
  }

  it('are named and left out', async () => {
    const folder = await photos();
    writeFileSync(join(folder, 'a/notes.jpg'), 'no image at all');
    const noisy = Buffer.from(Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 256));
    await sharp(noisy, { raw: { width: 64, height: 64, channels: 3 } }).toFile(join(folder, 'b/cut.jpg'));
    truncateSync(join(folder, 'b/cut.jpg'), 1500);
    for (let again = 0; again < 2; again++) {
      const { dataset, warnings } = await open(folder);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/2 of 32 images .* can't be read: a.notes\.jpg, b.cut\.jpg\. They are left out/);
      const { train, validation, test } = dataset.counts;
      expect(train + validation + test).toBe(30);
    }
  });

  it('are noticed when they break later', async () => {
    const folder = await photos();
    expect((await open(folder)).warnings).toEqual([]);
    writeFileSync(join(folder, 'a/3.jpg'), 'overwritten');
    expect((await open(folder)).warnings[0]).toMatch(/1 of 30 images .*3\.jpg/);
  });

  it('are an error when they are many', async () => {
    const folder = await photos();
    for (let i = 0; i < 4; i++) writeFileSync(join(folder, `a/${i}.jpg`), '');
    await expect(open(folder)).rejects.toThrow(/4 of 30 images .*too many/);
  });

  it('that break during training end it with their name', async () => {
    const folder = await photos();
    const { dataset } = await open(folder);
    for (const name of ['a', 'b']) for (let i = 0; i < 15; i++) rmSync(join(folder, name, `${i}.jpg`));
    await expect(samples(dataset, 'train')).rejects.toThrow(/can't read image .*\.jpg: ENOENT/);
    // Nothing hangs afterwards.
    await expect(samples(dataset, 'test')).rejects.toThrow(/can't read image/);
  });
});

describe('what is wrong with a folder is said', () => {
  it('it does not exist, or is a file', async () => {
    const folder = temporaryFolder();
    await expect(open(join(folder, 'nowhere'))).rejects.toThrow(/can't read the image folder .*does not exist/);
    writeFileSync(join(folder, 'file'), '');
    await expect(open(join(folder, 'file'))).rejects.toThrow(/it is a file/);
  });

  it('it has no class folders', async () => {
    const folder = temporaryFolder();
    await write(join(folder, 'x.png'));
    await expect(open(folder)).rejects.toThrow(/has no sub-folders: put the images of each class into one/);
  });

  it('a class is empty', async () => {
    const folder = temporaryFolder();
    await writeClasses(folder, { a: 3, b: 3 });
    mkdirSync(join(folder, 'empty'));
    await expect(open(folder)).rejects.toThrow(/class folder .*empty has no JPEG or PNG image/);
  });

  it('there is but one class, or too few images to split', async () => {
    const one = temporaryFolder();
    await writeClasses(one, { a: 5 });
    await expect(open(one)).rejects.toThrow(/has one class, a/);
    const few = temporaryFolder();
    await writeClasses(few, { a: 1, b: 1 });
    await expect(open(few)).rejects.toThrow(/validation takes 1 samples, but .* has 1 training samples/);
  });
});
