import type { Placement } from './augmentation';

export interface SampleLayout {
  /** `[height, width, channels]` */
  readonly shape: readonly [number, number, number];
  /** Of `normalizationTable`. */
  readonly table: Float32Array;
}

/**
 * Writes one sample into a batch: cuts, mirrors, normalises, blanks.
 * @param pixels NHWC bytes; the sample begins at `from`.
 * @param target the batch; the sample goes to `to`.
 */
export function writeSample(
  { shape: [height, width, channels], table }: SampleLayout,
  pixels: Uint8Array,
  from: number,
  target: Float32Array,
  to: number,
  { dy, dx, flip, blank }: Placement,
): void {
  let out = to;
  for (let y = 0; y < height; y++) {
    const row = y + dy;
    const rowInside = row >= 0 && row < height;
    const rowStart = from + row * width * channels;
    for (let x = 0; x < width; x++) {
      const column = (flip ? width - 1 - x : x) + dx;
      if (rowInside && column >= 0 && column < width) {
        let at = rowStart + column * channels;
        for (let c = 0; c < channels; c++) target[out++] = table[c * 256 + pixels[at++]];
      } else {
        for (let c = 0; c < channels; c++) target[out++] = table[c * 256];
      }
    }
  }
  if (!blank) return;
  const [top, left, bottom, right] = blank;
  // 0 is the mean colour once normalised.
  for (let y = top; y < bottom; y++) {
    target.fill(0, to + (y * width + left) * channels, to + (y * width + right) * channels);
  }
}
