import { join } from 'node:path';
import { Random } from '../graph/random';
import { drawPlacement, inPlace, type Augmentation } from './augmentation';
import { concurrently } from './concurrently';
import { deriveSeed } from './derive-seed';
import type { WorkerSetup } from './job';
import { readPhoto } from './photo';
import { writeSample } from './write-sample';

/** Draws are fixed by seed, epoch and sample: who makes the sample, when and in which batch doesn't matter. */
export interface SamplePass {
  readonly epoch: number;
  readonly augmentation?: Augmentation;
}

/** Writes samples into `target` one after the other, `[samples.length, ...image shape]`. */
export type SampleReader = (samples: Uint32Array, target: Float32Array, pass: SamplePass) => void | Promise<void>;

/** Enough to keep the decoder's threads busy without holding a whole batch of files in memory. */
const FILES_AT_ONCE = 16;

export function sampleReader({ source, imageShape, table, seed }: WorkerSetup): SampleReader {
  const layout = { shape: imageShape, table };
  const size = imageShape[0] * imageShape[1] * imageShape[2];
  const draws = (sample: number, epoch: number) => new Random(deriveSeed(seed, epoch, sample));

  if (source.kind === 'pixels') {
    return (samples, target, { epoch, augmentation }) => {
      samples.forEach((sample, i) => {
        const placement = augmentation ? drawPlacement(draws(sample, epoch), augmentation, imageShape) : inPlace;
        writeSample(layout, source.pixels, sample * size, target, i * size, placement);
      });
    };
  }

  return async (samples, target, { epoch, augmentation }) => {
    await concurrently([...samples], FILES_AT_ONCE, async (sample, i) => {
      const random = augmentation && draws(sample, epoch);
      const path = join(source.folder, source.files[sample]);
      const pixels = await readPhoto(path, imageShape[0], augmentation?.randomPart ? random : undefined);
      const placement = random ? drawPlacement(random, augmentation, imageShape) : inPlace;
      writeSample(layout, pixels, 0, target, i * size, placement);
    });
  };
}
