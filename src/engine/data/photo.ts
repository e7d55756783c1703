import { readFile } from 'node:fs/promises';
import type { Region, Sharp } from 'sharp';
import type { Random } from '../graph/random';
import { DatasetError } from './dataset-error';
import { imageDecoder } from './decoder';

/** The short side is resized to this multiple of what the model gets, 256 for 224 (Krizhevsky et al. 2012). */
const EVAL_RESIZE = 256 / 224;
const MOST_OBLONG = 4;

/** Warnings are for oddities in metadata; what is truncated or corrupt is an error. */
const strictness = { failOn: 'error' } as const;

/**
 * Reads an image file as ImageNet practice has it: for evaluation the centre of the resized image; for training, given
 * `random`, a part of 8 to 100 % of its area with aspect ratio 3/4 to 4/3 (Szegedy et al. 2015).
 * @returns RGB bytes, `[size, size, 3]`; grey images get three equal channels, transparency is dropped.
 * @throws DatasetError naming the file that can't be read.
 */
export async function readPhoto(path: string, size: number, random?: Random): Promise<Uint8Array> {
  const sharp = await imageDecoder();
  try {
    const image = sharp(await readFile(path), strictness);
    // As displayed: cameras store a turned image and say so beside it.
    const { width, height } = (await image.metadata()).autoOrient;
    const oriented = image.autoOrient();
    const cut = random
      ? cropped(oriented, randomRegion(width, height, random), size)
      : centred(oriented, width, height, size);
    return await cut.toColourspace('srgb').removeAlpha().raw({ depth: 'uchar' }).toBuffer();
  } catch (error) {
    throw new DatasetError(
      `can't read image ${path}: ${error instanceof Error ? error.message.trim() : String(error)}`,
    );
  }
}

/** Whether a file is an image that decodes to its end; quick, because most is thrown away while decoding. */
export async function isReadable(path: string): Promise<boolean> {
  const sharp = await imageDecoder();
  try {
    const image = sharp(await readFile(path), strictness);
    await image.resize(8, 8, { fit: 'fill' }).raw().toBuffer();
    return true;
  } catch {
    return false;
  }
}

function centred(image: Sharp, width: number, height: number, size: number): Sharp {
  const short = Math.min(width, height);
  // What the centre will not show is cut off first: a very long image would become a huge one.
  const [w, h] = [Math.min(width, MOST_OBLONG * short), Math.min(height, MOST_OBLONG * short)];
  const middle = { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h };
  const scale = Math.round(size * EVAL_RESIZE) / short;
  const [wide, high] = [Math.round(w * scale), Math.round(h * scale)];
  return image
    .extract(middle)
    .resize(wide, high, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
    .extract({ left: Math.floor((wide - size) / 2), top: Math.floor((high - size) / 2), width: size, height: size });
}

function cropped(image: Sharp, region: Region, size: number): Sharp {
  return image.extract(region).resize(size, size, { fit: 'fill', kernel: 'linear' });
}

function randomRegion(width: number, height: number, random: Random): Region {
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = width * height * between(0.08, 1);
    const ratio = Math.exp(between(Math.log(3 / 4), Math.log(4 / 3)));
    const w = Math.round(Math.sqrt(area * ratio));
    const h = Math.round(Math.sqrt(area / ratio));
    if (w > 0 && h > 0 && w <= width && h <= height) {
      return { left: random.int(width - w + 1), top: random.int(height - h + 1), width: w, height: h };
    }
  }
  // A very long image: the largest part in its middle with an allowed ratio.
  const w = Math.min(width, Math.max(1, Math.round((height * 4) / 3)));
  const h = Math.min(height, Math.max(1, Math.round((width * 4) / 3)));
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h };
}
