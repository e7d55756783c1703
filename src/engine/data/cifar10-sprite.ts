import { DatasetError } from './dataset-error';
import { imageDecoder } from './decoder';

const PIXELS = 32 * 32;
/** Bytes of an image in the official binary files: its label, then planes of red, green and blue. */
export const CIFAR_RECORD = 1 + 3 * PIXELS;

/**
 * Turns a sprite into the records of an official binary file.
 * @param sprite PNG with one image a row of 1,024 RGB pixels.
 * @param labels class of each row.
 * @throws DatasetError when the sprite has another shape.
 */
export async function cifarRecords(sprite: Uint8Array, labels: readonly number[]): Promise<Uint8Array> {
  const sharp = await imageDecoder();
  const { data, info } = await sharp(sprite).raw().toBuffer({ resolveWithObject: true });
  if (info.width !== PIXELS || info.height !== labels.length || info.channels !== 3) {
    throw new DatasetError(
      `a CIFAR-10 sprite has ${info.width} x ${info.height} pixels in ${info.channels} channels instead of ` +
        `${PIXELS} x ${labels.length} in 3`,
    );
  }
  const records = new Uint8Array(labels.length * CIFAR_RECORD);
  labels.forEach((label, image) => {
    const record = image * CIFAR_RECORD;
    records[record] = label;
    for (let p = 0; p < PIXELS; p++) {
      const pixel = (image * PIXELS + p) * 3;
      for (let c = 0; c < 3; c++) records[record + 1 + c * PIXELS + p] = data[pixel + c];
    }
  });
  return records;
}
