import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/engine/graph/random';
import { Space, type Dimension } from '../../../../src/engine/search/space';

const space = new Space([
  { name: 'ratio', kind: 'float', low: 0.25, high: 1, step: 0.25 },
  { name: 'rate', kind: 'float', low: 1e-4, high: 1, log: true },
  { name: 'width', kind: 'int', low: 3, high: 9 },
  { name: 'steps', kind: 'int', low: 50, high: 2000, log: true },
  { name: 'kind', kind: 'categorical', choices: ['a', 'b', true] },
  { name: 'depth', kind: 'int', low: 1, high: 4, when: { dimension: 'kind', is: ['b'] } },
]);

describe('a search space', () => {
  it('gives back each decision from its unit coordinates', () => {
    const random = new Random(1);
    for (let i = 0; i < 500; i++) {
      const decision = space.decode(Float64Array.from({ length: 6 }, (_, d) => random.uniform() * (d === 4 ? 2 : 1)));
      const again = space.decode(space.encode(decision));
      decision.forEach((value, d) => {
        if (d === 1) expect(again[d]).toBeCloseTo(value as number, 12);
        else expect(again[d]).toBe(value);
      });
    }
  });

  it('gives each whole value a part of the same width', () => {
    const counts = new Map<unknown, number>();
    for (let i = 0; i < 7000; i++) {
      const value = space.valueAt(2, (i + 0.5) / 7000);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual(Array.from({ length: 7 }, () => 1000));
  });

  it('has both ends of a range, also where the step does not divide it', () => {
    const uneven = new Space([{ name: 'x', kind: 'float', low: 8 / 60, high: 1, step: 8 / 60 }]);
    expect(uneven.cells(0)).toBe(8);
    expect([uneven.valueAt(0, 0), uneven.valueAt(0, 1)]).toEqual([8 / 60, 1]);
    expect(uneven.decode(uneven.encode([1]))).toEqual([1]);
  });

  it('leaves out what a condition rules out', () => {
    expect(space.decode([0, 0, 0, 0, 0, 0.9])[5]).toBeNull();
    expect(space.decode([0, 0, 0, 0, 1, 0.9])[5]).toBe(4);
    expect(space.encode(space.decode([0, 0, 0, 0, 0, 0.9]))[5]).toBeNaN();
  });

  it.each<[string, Dimension[]]>([
    [
      'one name',
      [
        { name: 'x', kind: 'int', low: 0, high: 1 },
        { name: 'x', kind: 'int', low: 0, high: 1 },
      ],
    ],
    ['range', [{ name: 'x', kind: 'float', low: 1, high: 0 }]],
    ['above 0', [{ name: 'x', kind: 'float', low: 0, high: 1, log: true }]],
    ['come before', [{ name: 'x', kind: 'int', low: 0, high: 1, when: { dimension: 'y', is: [1] } }]],
  ])('refuses a dimension that is not well formed: %s', (message, dimensions) => {
    expect(() => new Space(dimensions)).toThrow(message);
  });
});
