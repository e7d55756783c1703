import { describe, expect, it } from 'vitest';
import { drawPlacement, inPlace, type Placement } from '../../../../src/engine/data/augmentation';
import { deriveSeed } from '../../../../src/engine/data/derive-seed';
import { normalizationTable } from '../../../../src/engine/data/normalization-table';
import { writeSample } from '../../../../src/engine/data/write-sample';
import { Random } from '../../../../src/engine/graph/random';

const draws = 20_000;
/** The draws of one epoch: one seed a sample. */
const placements = Array.from({ length: draws }, (_, sample) =>
  drawPlacement(new Random(deriveSeed(0, 3, sample)), { padCrop: 4, flip: true, cutout: 8 }, [32, 32, 3]),
);

/** Pearson's statistic against the uniform distribution. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('drawn placements', () => {
  it('shift evenly over all 81 offsets', () => {
    const counts = new Array<number>(81).fill(0);
    for (const { dy, dx } of placements) counts[(dy + 4) * 9 + dx + 4]++;
    // 80 degrees of freedom: 135 is exceeded once in 10,000 times.
    expect(chiSquare(counts)).toBeLessThan(135);
  });

  it('flip in half of the cases, whatever the shift', () => {
    const flips = placements.filter(({ flip }) => flip).length;
    expect(Math.abs(flips / draws - 0.5)).toBeLessThan(0.015);
    const shiftedLeft = placements.filter(({ dx }) => dx < 0);
    const flippedToo = shiftedLeft.filter(({ flip }) => flip).length;
    expect(Math.abs(flippedToo / shiftedLeft.length - 0.5)).toBeLessThan(0.02);
  });

  it('centre cutout anywhere, clipped at the borders', () => {
    const areas = placements.map(({ blank }) => (blank![2] - blank![0]) * (blank![3] - blank![1]));
    expect(Math.max(...areas)).toBe(64);
    expect(Math.min(...areas)).toBeLessThan(32);
    expect(areas.every((area) => area > 0)).toBe(true);
  });

  it('change nothing that is not asked for', () => {
    const placement = drawPlacement(new Random(1), { padCrop: 0, flip: false, cutout: 0 }, [32, 32, 3]);
    expect(placement.flip).toBe(false);
    expect(placement.dx).toBe(0);
    expect(placement.dy).toBe(0);
    expect(placement.blank).toBeUndefined();
  });

  it('are unrelated between neighbouring samples and epochs', () => {
    const shift = (epoch: number, sample: number) =>
      drawPlacement(new Random(deriveSeed(0, epoch, sample)), { padCrop: 4, flip: false, cutout: 0 }, [32, 32, 3]).dx;
    let same = 0;
    for (let i = 0; i < 9000; i++)
      same += Number(shift(0, i) === shift(0, i + 1)) + Number(shift(0, i) === shift(1, i));
    expect(same / 18_000).toBeCloseTo(1 / 9, 1);
  });
});

describe('writeSample', () => {
  const shape = [2, 3, 1] as const;
  const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const table = normalizationTable({ mean: [0], std: [1 / 255] });

  function written(placement: Placement): number[] {
    const target = new Float32Array(6).fill(NaN);
    writeSample({ shape, table }, pixels, 0, target, 0, placement);
    return [...target].map((value) => Math.round(value * 1000) / 1000);
  }

  it('copies, mirrors, shifts in black, and blanks', () => {
    expect(written(inPlace)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(written({ ...inPlace, flip: true })).toEqual([3, 2, 1, 6, 5, 4]);
    expect(written({ dy: 1, dx: 0, flip: false })).toEqual([4, 5, 6, 0, 0, 0]);
    expect(written({ dy: 0, dx: -1, flip: false })).toEqual([0, 1, 2, 0, 4, 5]);
    expect(written({ ...inPlace, blank: [0, 1, 2, 3] })).toEqual([1, 0, 0, 4, 0, 0]);
  });

  it('normalises each channel by its own mean and deviation', () => {
    const target = new Float32Array(4);
    const normalization = { mean: [0.5, 0.25], std: [0.5, 0.1] };
    const layout = { shape: [1, 2, 2] as const, table: normalizationTable(normalization) };
    writeSample(layout, Uint8Array.of(0, 0, 255, 51), 0, target, 0, inPlace);
    expect([...target].map((value) => value.toFixed(4))).toEqual(['-1.0000', '-2.5000', '1.0000', '-0.5000']);
  });

  it('shifts in black, which is not 0 once normalised, and blanks with the mean', () => {
    const target = new Float32Array(6);
    const layout = { shape, table: normalizationTable({ mean: [0.5], std: [0.5] }) };
    writeSample(layout, pixels, 0, target, 0, { dy: 2, dx: 0, flip: false, blank: [0, 0, 1, 1] });
    expect([...target]).toEqual([0, -1, -1, -1, -1, -1]);
  });
});
