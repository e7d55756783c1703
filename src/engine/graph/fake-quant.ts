/**
 * A grid of evenly spaced values, 0 always among them, so that zero padding and pruned weights stay exact:
 * `value = scale * (integer - zeroPoint)` for integers `lowest..highest`. All numbers are float32 values.
 */
export interface Grid {
  readonly scale: number;
  /** `1 / scale`, rounded once: not the reciprocal of the rounded scale. */
  readonly inverse: number;
  readonly zeroPoint: number;
  readonly lowest: number;
  readonly highest: number;
  /** Values of the lowest and the highest integer. */
  readonly min: number;
  readonly max: number;
}

const { fround } = Math;

/**
 * The grid of `2^bits` integers over `[min, max]`, shifted so that 0 is on it (Jacob et al. 2018, section 3). Each
 * operation rounds to float32 in the order of TensorFlow's FakeQuantWithMinMaxVars, so results are equal to the bit.
 * @param min At most 0.
 * @param max At least 0; above `min`, unless both are 0, which leaves 0 as the only value.
 * @param narrow Leaves the lowest integer out, so that a symmetric range has as many values on either side of 0.
 */
export function gridOf(min: number, max: number, bits: number, narrow = false): Grid {
  const [low, high] = [fround(min), fround(max)];
  const [lowest, highest] = [narrow ? 1 : 0, 2 ** bits - 1];
  const extent = fround(high - low);
  if (extent === 0) return { scale: 0, inverse: 0, zeroPoint: lowest, lowest, highest, min: 0, max: 0 };
  const scale = fround(extent / (highest - lowest));
  const exactZero = fround(lowest - fround(low / scale));
  const zeroPoint = Math.min(Math.max(Math.round(exactZero), lowest), highest);
  return {
    scale,
    inverse: fround((highest - lowest) / extent),
    zeroPoint,
    lowest,
    highest,
    min: fround((lowest - zeroPoint) * scale),
    max: fround((highest - zeroPoint) * scale),
  };
}

/** The symmetric grid of `2^bits - 1` values over `[-range, range]`: what weights are rounded to. */
export function symmetricGrid(range: number, bits: number): Grid {
  return gridOf(-range, range, bits, true);
}

/** The nearest value of the grid, as FakeQuantWithMinMaxVars rounds it: what falls between two goes up. */
export function snap(value: number, { scale, inverse, min, max }: Grid): number {
  if (scale === 0) return 0;
  const shifted = fround(Math.min(Math.max(value, min), max) - min);
  const zero = Math.floor(fround(fround(-min * inverse) + 0.5));
  return fround(Math.floor(fround(fround(fround(shifted / scale) - zero) + 0.5)) * scale);
}

/** As {@link snap}, in the order of FakeQuantWithMinMaxVarsPerChannel, which multiplies where the other divides. */
export function snapToChannelGrid(value: number, { scale, inverse, min, max }: Grid): number {
  if (scale === 0) return 0;
  const shifted = fround(Math.min(Math.max(value, min), max) - min);
  const zero = Math.floor(fround(fround(-min * inverse) + 0.5));
  return fround(Math.floor(fround(fround(fround(shifted * inverse) - zero) + 0.5)) * scale);
}

/** The integer that stands for a value of the grid, `lowest..highest`. */
export function integerOf(value: number, { scale, zeroPoint, lowest, highest }: Grid): number {
  if (scale === 0) return zeroPoint;
  return Math.min(Math.max(Math.round(value / scale) + zeroPoint, lowest), highest);
}
