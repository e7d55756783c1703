import { basename, join } from 'node:path';
import { Random } from '../graph/random';
import { noAugmentation } from './augmentation';
import { imagesBelow, subFolders } from './class-folders';
import { DatasetError } from './dataset-error';
import type { LoadedDataset, LoadOptions } from './loaded';
import { range } from './range';
import { unreadableImages } from './readable-images';
import { countOf, takeStratified } from './split';

export interface ImageFolder {
  /** One sub-folder of images for each class, or train/ and test/ or val/ folders of that kind. */
  readonly folder: string;
  /** Height and width that the model gets, pixels. */
  readonly imageSize: number;
  /** Where there is no test folder, the test set takes as much as validation does: a count when >= 1, else a share. */
  readonly validation: number;
}

type Part = 'training' | 'validation' | 'test';

interface Sample {
  /** Relative to the data set's folder. */
  readonly file: string;
  readonly className: string;
  readonly part: Part;
}

/** More than this share of broken files is no accident. */
const MOST_BROKEN = 0.1;
const NAMES_SHOWN = 10;

/**
 * The same for every run, whatever its seed: a model must never be tested on images that another run, which it started
 * from, has trained it on.
 */
const TEST_SEED = 0x7e57;

/**
 * A folder of photos. Classes are numbered in the order of their names. Broken files are left out and reported.
 * @throws DatasetError when the folder has no such layout, a class has no image, or too many images are broken.
 */
export async function loadImageFolder(
  { folder, imageSize, validation }: ImageFolder,
  options: LoadOptions,
): Promise<LoadedDataset> {
  const found = await findSamples(folder);
  const samples = await withoutBroken(folder, found, options);
  const classes = classesOf(folder, samples, found);
  const classIndex = new Map(classes.map((name, index) => [name, index]));
  const labels = new Int32Array(new SharedArrayBuffer(4 * samples.length));
  samples.forEach(({ className }, i) => (labels[i] = classIndex.get(className) ?? 0));

  // The files are sorted by class; mixed, the first few samples of a split stand for all of it.
  const mixed = new Random(TEST_SEED).shuffle(range(0, samples.length));
  const partOf = (part: Part) => mixed.filter((sample) => samples[sample].part === part);
  const shared = {
    name: basename(folder),
    classes,
    imageShape: [imageSize, imageSize, 3] as const,
    // Of ImageNet's training images, which pretrained models expect.
    normalization: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    augmentation: { ...noAugmentation, randomPart: true, flip: true },
    source: { kind: 'files' as const, folder, files: samples.map(({ file }) => file) },
    labels,
  };
  const training = partOf('training');
  const own = partOf('validation');
  const test = partOf('test');
  if (test.length > 0) return { ...shared, training, test, ...(own.length > 0 && { validation: own }) };

  const count = countOf(validation, training.length);
  if (count >= training.length) {
    throw new DatasetError(
      `the test set takes as many images as validation, ${count}, but ${folder} has ${training.length}: ` +
        'lower dataset.validation, or add a test folder',
    );
  }
  const { taken, rest } = takeStratified(training, labels, count, new Random(TEST_SEED));
  return { ...shared, training: rest, test: taken };
}

async function findSamples(folder: string): Promise<Sample[]> {
  const parts = await findParts(folder);
  const samples: Sample[] = [];
  for (const { part, path } of parts) {
    const classes = await subFolders(join(folder, path));
    if (classes.length === 0) {
      throw new DatasetError(`${join(folder, path)} has no sub-folders: put the images of each class into one`);
    }
    for (const className of classes) {
      const inClass = join(path, className);
      const images = await imagesBelow(join(folder, inClass));
      if (images.length === 0 && part === 'training') throw emptyClass(join(folder, inClass));
      for (const image of images) samples.push({ file: join(inClass, image), className, part });
    }
  }
  return samples;
}

async function findParts(folder: string): Promise<{ part: Part; path: string }[]> {
  const names = await subFolders(folder);
  const named = (...wanted: string[]) => names.find((name) => wanted.includes(name.toLowerCase()));
  const train = named('train', 'training');
  // A class may be called train, as in a data set of vehicles.
  if (train === undefined || (await subFolders(join(folder, train))).length === 0) {
    return [{ part: 'training', path: '.' }];
  }
  const test = named('test', 'testing');
  const val = named('val', 'valid', 'validation');
  return [
    { part: 'training', path: train },
    ...(test === undefined ? [] : [{ part: 'test' as const, path: test }]),
    // Alone it is what models are measured on, as ImageNet's is.
    ...(val === undefined
      ? []
      : [{ part: test === undefined ? ('test' as const) : ('validation' as const), path: val }]),
  ];
}

async function withoutBroken(folder: string, samples: readonly Sample[], options: LoadOptions): Promise<Sample[]> {
  const files = samples.map(({ file }) => file);
  const broken = await unreadableImages(folder, files, options);
  if (broken.size === 0) return [...samples];
  const names = [...broken].sort();
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  const finding = `${broken.size} of ${samples.length} images in ${folder} can't be read: ${shown}${more}`;
  if (broken.size > MOST_BROKEN * samples.length) {
    throw new DatasetError(`${finding}. That is too many: mend or remove them`);
  }
  options.onWarning(`${finding}. They are left out`);
  return samples.filter(({ file }) => !broken.has(file));
}

/** Class names of the training images, sorted. */
function classesOf(folder: string, samples: readonly Sample[], found: readonly Sample[]): string[] {
  const inTraining = (list: readonly Sample[]) =>
    new Set(list.filter(({ part }) => part === 'training').map(({ className }) => className));
  const classes = inTraining(samples);
  for (const name of inTraining(found)) if (!classes.has(name)) throw emptyClass(join(folder, name));
  for (const { className, file } of samples) {
    if (!classes.has(className)) {
      throw new DatasetError(`${join(folder, file)} is of class ${className}, which has no training images`);
    }
  }
  if (classes.size < 2) {
    throw new DatasetError(`${folder} has one class, ${[...classes].join()}: telling images apart takes two at least`);
  }
  return [...classes].sort();
}

function emptyClass(path: string): DatasetError {
  return new DatasetError(
    `class folder ${path} has no JPEG or PNG image that can be read: add images, or remove the folder`,
  );
}
