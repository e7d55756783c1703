import { describe, expect, it } from 'vitest';
import { kMeans } from '../../../../src/engine/learners/non-uniform/k-means';
import { seededNormal } from '../../../support/seeded';

const values = Float32Array.from({ length: 2000 }, seededNormal(4));
const starts = ['kmeans++', 'quantile', 'uniform', 'linear'] as const;

function errorOf(centres: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.min(...centres.map((centre) => (value - centre) ** 2)), 0);
}

describe.each(starts)('k-means from a %s start', (start) => {
  it.each([4, 16])('never gets worse, and ends where %i clusters are the means of their own', (count) => {
    const { centres, errors } = kMeans(values, count, { start, iterations: 1000 }, 1);
    expect(centres).toEqual(centres.slice().sort());
    for (let i = 1; i < errors.length; i++) expect(errors[i]).toBeLessThanOrEqual(errors[i - 1] * (1 + 1e-9));
    expect(errors.at(-1)).toBeCloseTo(errorOf(centres), 3);
    for (const centre of centres) {
      const members = values.filter(
        (value) => Math.abs(value - centre) === Math.min(...centres.map((other) => Math.abs(value - other))),
      );
      expect(members.length).toBeGreaterThan(0);
      expect(members.reduce((sum, value) => sum + value, 0) / members.length).toBeCloseTo(centre, 4);
    }
  });

  it('comes close to the best for normal values', () => {
    // Max 1960, table I: the least mean squared error of 4 levels for a unit normal is 0.1175.
    const { errors } = kMeans(values, 4, { start, iterations: 1000 }, 1);
    const power = values.reduce((sum, value) => sum + value ** 2, 0);
    expect(errors.at(-1)! / power).toBeGreaterThan(0.1);
    expect(errors.at(-1)! / power).toBeLessThan(0.13);
  });

  it('gives each value a centre where there are few', () => {
    const few = Float32Array.of(0.5, -1, 0.5, 2, -1);
    expect([...kMeans(few, 4, { start, iterations: 10 }, 1).centres]).toEqual([-1, 0.5, 2]);
  });

  it('gives the same for the same seed', () => {
    const run = () => kMeans(values, 16, { start, iterations: 20 }, 7).centres;
    expect(run()).toEqual(run());
  });
});
