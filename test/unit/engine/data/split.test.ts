import { describe, expect, it } from 'vitest';
import { countOf, takeStratified } from '../../../../src/engine/data/split';
import { range } from '../../../../src/engine/data/range';
import { Random } from '../../../../src/engine/graph/random';

function countsByClass(samples: Uint32Array, labels: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const sample of samples) counts[labels[sample]]++;
  return counts;
}

describe('takeStratified', () => {
  const labels = Int32Array.from({ length: 1000 }, (_, i) => (i < 700 ? 0 : i < 900 ? 1 : 2));
  const all = range(0, 1000);

  it('splits into two sets that share nothing and lose nothing', () => {
    const { taken, rest } = takeStratified(all, labels, 100, new Random(1));
    expect(taken.length).toBe(100);
    expect([...taken, ...rest].sort((a, b) => a - b)).toEqual([...all]);
  });

  it('keeps the share of each class', () => {
    const { taken } = takeStratified(all, labels, 100, new Random(1));
    expect(countsByClass(taken, labels, 3)).toEqual([70, 20, 10]);
  });

  it('takes exactly as many as asked where shares are not whole', () => {
    for (const count of [1, 2, 13, 999])
      expect(takeStratified(all, labels, count, new Random(1)).taken.length).toBe(count);
  });

  it('chooses by the seed alone', () => {
    const taken = (seed: number) => [...takeStratified(all, labels, 100, new Random(seed)).taken];
    expect(taken(1)).toEqual(taken(1));
    expect(taken(1)).not.toEqual(taken(2));
  });

  it('leaves samples alone that it was not given', () => {
    const { taken, rest } = takeStratified(range(500, 800), labels, 30, new Random(1));
    expect(Math.min(...taken, ...rest)).toBe(500);
    expect(Math.max(...taken, ...rest)).toBe(799);
  });
});

it('reads a setting of 1 or more as a count and one below as a share', () => {
  expect(countOf(5000, 50000)).toBe(5000);
  expect(countOf(1, 10)).toBe(1);
  expect(countOf(0.1, 50000)).toBe(5000);
  expect(countOf(0.001, 50)).toBe(1);
});
