import type { Random } from '../graph/random';

/** Random changes to training images. */
export interface Augmentation {
  /** Width of a black border, pixels, from which a window of the image's own size is cut at random; 0: none. */
  readonly padCrop: number;
  /** Mirror left and right in half of the cases. */
  readonly flip: boolean;
  /** Side of a square that is set to the mean colour (DeVries & Taylor 2017), pixels; 0: none. */
  readonly cutout: number;
  /** Show a random part of the photo instead of its centre, see `readPhoto`. For images that come from files. */
  readonly randomPart: boolean;
}

export const noAugmentation: Augmentation = { padCrop: 0, flip: false, cutout: 0, randomPart: false };

/** Where the pixels of one augmented sample come from. */
export interface Placement {
  /** Output row y shows input row y + dy; rows and columns outside of the input are black. */
  readonly dy: number;
  readonly dx: number;
  readonly flip: boolean;
  /** `[top, left, bottom, right)` of the blanked rectangle, within the image. */
  readonly blank?: readonly [number, number, number, number];
}

export const inPlace: Placement = { dy: 0, dx: 0, flip: false };

/** Draws the changes of one sample. Cutout's centre may be anywhere, so the square is clipped at the borders. */
export function drawPlacement(
  random: Random,
  { padCrop, flip, cutout }: Omit<Augmentation, 'randomPart'>,
  [height, width]: readonly [number, number, number],
): Placement {
  const dy = random.int(2 * padCrop + 1) - padCrop;
  const dx = random.int(2 * padCrop + 1) - padCrop;
  const flipped = random.uniform() < 0.5;
  const placement = { dy, dx, flip: flip && flipped };
  if (cutout === 0) return placement;
  const top = random.int(height) - Math.floor(cutout / 2);
  const left = random.int(width) - Math.floor(cutout / 2);
  return {
    ...placement,
    blank: [Math.max(0, top), Math.max(0, left), Math.min(height, top + cutout), Math.min(width, left + cutout)],
  };
}
