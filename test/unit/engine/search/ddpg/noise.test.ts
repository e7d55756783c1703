import { describe, expect, it } from 'vitest';
import { Random } from '../../../../../src/engine/graph/random';
import { AdaptiveDeviation, truncatedNormal } from '../../../../../src/engine/search/ddpg/noise';

describe('noise on actions', () => {
  it.each([
    [0.5, 0.1],
    [0, 0.5],
    [1, 1],
    [0.9, 0],
  ])('stays in [0, 1] and about its mean %d, with deviation %d', (mean, deviation) => {
    const random = new Random(1);
    const drawn = Array.from({ length: 2000 }, () => truncatedNormal(mean, deviation, random));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1);
    if (deviation < 0.2) expect(drawn.reduce((a, b) => a + b) / drawn.length).toBeCloseTo(mean, 1);
  });
});

describe('noise on parameters', () => {
  it('grows while it moves actions too little, and shrinks while too much', () => {
    const deviation = new AdaptiveDeviation();
    // What it moves actions by is three times its size.
    for (let i = 0; i < 200; i++) deviation.adapt(3 * deviation.value, 0.6);
    expect(deviation.value).toBeGreaterThan(0.19);
    expect(deviation.value).toBeLessThan(0.21);
  });
});
