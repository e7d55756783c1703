import { describe, expect, it } from 'vitest';
import { dropoutMask } from '../../../../src/engine/runtime/dropout-mask';

describe('dropout mask', () => {
  it('drops the share asked for and scales the rest, so that the mean stays', () => {
    const mask = dropoutMask(1, 0, 'drop', 0.3, 100_000);
    const dropped = mask.filter((value) => value === 0).length;
    expect(dropped / mask.length).toBeCloseTo(0.3, 2);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
  });

  it('is the same for the same seed, step and node, and unrelated otherwise', () => {
    const base = dropoutMask(1, 5, 'drop', 0.5, 10_000);
    expect(dropoutMask(1, 5, 'drop', 0.5, 10_000)).toEqual(base);
    for (const other of [
      dropoutMask(2, 5, 'drop', 0.5, 10_000),
      dropoutMask(1, 6, 'drop', 0.5, 10_000),
      dropoutMask(1, 5, 'drop2', 0.5, 10_000),
    ]) {
      const equal = other.filter((value, i) => value === base[i]).length;
      expect(equal / base.length).toBeCloseTo(0.5, 1);
    }
  });

  it('has neighbours that are independent of each other', () => {
    const mask = dropoutMask(0, 0, '', 0.5, 100_000);
    const equal = mask.filter((value, i) => i > 0 && value === mask[i - 1]).length;
    expect(equal / mask.length).toBeCloseTo(0.5, 2);
  });
});
