import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/engine/graph/random';
import { Parzen } from '../../../../src/engine/search/parzen';
import { uniformUnits } from '../../../../src/engine/search/random-sampler';
import { Space } from '../../../../src/engine/search/space';

const space = new Space([
  { name: 'kind', kind: 'categorical', choices: ['a', 'b', 'c'] },
  { name: 'ratio', kind: 'float', low: 0, high: 1 },
  { name: 'width', kind: 'int', low: 1, high: 5 },
  { name: 'depth', kind: 'float', low: 0, high: 2, when: { dimension: 'kind', is: ['a', 'b'] } },
]);
const random = new Random(4);
const points = Array.from({ length: 12 }, () => space.encode(space.decode(uniformUnits(space, random))));
const weights = points.map((_, k) => 0.3 + 0.1 * k);

const GRID = 400;
const grid = Array.from({ length: GRID }, (_, i) => (i + 0.5) / GRID);
const cells = Array.from({ length: 5 }, (_, i) => (i + 0.5) / 5);

describe('a Parzen density', () => {
  it.each([
    ['categorical', 0, [0, 1, 2], 1],
    ['continuous', 1, grid, 1 / GRID],
    ['stepped', 2, cells, 1],
    ['conditional', 3, grid, 1 / GRID],
  ])('sums up to 1 over a %s dimension', (_what, dimension, units, width) => {
    const known = points.filter((point) => !Number.isNaN(point[dimension]));
    const parzen = new Parzen(space, [dimension], known, weights.slice(0, known.length));
    const total = units.reduce((sum, unit) => sum + width * Math.exp(parzen.logDensity([unit])), 0);
    expect(total).toBeCloseTo(1, 4);
  });

  it('sums up to 1 over all dimensions together, where one counts only at times', () => {
    const parzen = new Parzen(space, [0, 1, 2, 3], points, weights);
    const coarse = Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100);
    let total = 0;
    for (const kind of [0, 1, 2]) {
      const depths = kind === 2 ? [NaN] : coarse;
      for (const ratio of coarse) {
        for (const width of cells) {
          for (const depth of depths)
            total += Math.exp(parzen.logDensity([kind, ratio, width, depth])) / 100 / depths.length;
        }
      }
    }
    expect(total).toBeCloseTo(1, 3);
  });

  it('is drawn from as often as it says', () => {
    const parzen = new Parzen(space, [0, 1], points, weights);
    const draws = Array.from({ length: 20_000 }, () => parzen.sample(random));
    for (const [kind, from, to] of [
      [0, 0, 0.3],
      [1, 0.2, 0.6],
      [2, 0.5, 1],
    ]) {
      const share = draws.filter(([k, r]) => k === kind && r >= from && r < to).length / draws.length;
      const inside = grid.filter((unit) => unit >= from && unit < to);
      const mass = inside.reduce((sum, unit) => sum + Math.exp(parzen.logDensity([kind, unit])) / GRID, 0);
      expect(Math.abs(share - mass)).toBeLessThan(0.015);
    }
  });
});
