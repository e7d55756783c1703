import { describe, expect, it } from 'vitest';
import { largest, lasso, selectByLasso, type Gram } from '../../../../src/engine/learners/channel/lasso';
import { seededNormal } from '../../../support/seeded';

/** Columns X `[rows, size]` and y as Gram matrix and correlations. */
function problem(seed: number, rows: number, size: number, truth: (i: number) => number) {
  const normal = seededNormal(seed);
  const x = Array.from({ length: rows }, () => Array.from({ length: size }, normal));
  const y = x.map((row) => row.reduce((sum, value, i) => sum + value * truth(i), 0) + 0.1 * normal());
  const values = new Float64Array(size * size);
  const target = new Float64Array(size);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < size; i++) {
      target[i] += (x[r][i] * y[r]) / rows;
      for (let j = 0; j < size; j++) values[i * size + j] += (x[r][i] * x[r][j]) / rows;
    }
  }
  return { gram: { size, values } satisfies Gram, target };
}

function objective({ size, values }: Gram, target: Float64Array, b: Float64Array, alpha: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    sum += alpha * Math.abs(b[i]) - target[i] * b[i];
    for (let j = 0; j < size; j++) sum += 0.5 * b[i] * values[i * size + j] * b[j];
  }
  return sum;
}

/** Another way to the same minimum: accelerated proximal gradient (FISTA) with a safe step, many iterations. */
function reference(gram: Gram, target: Float64Array, alpha: number): Float64Array {
  const { size, values } = gram;
  let trace = 0;
  for (let i = 0; i < size; i++) trace += values[i * size + i];
  const step = 1 / trace;
  let b = new Float64Array(size);
  let momentum = b;
  let t = 1;
  for (let k = 0; k < 20_000; k++) {
    const next = momentum.map((value, i) => {
      let gradient = -target[i];
      for (let j = 0; j < size; j++) gradient += values[i * size + j] * momentum[j];
      const moved = value - step * gradient;
      return Math.sign(moved) * Math.max(Math.abs(moved) - alpha * step, 0);
    });
    const tNext = (1 + Math.sqrt(1 + 4 * t * t)) / 2;
    const factor = (t - 1) / tNext;
    momentum = next.map((value, i) => value + factor * (value - b[i]));
    b = next;
    t = tNext;
  }
  return b;
}

describe('lasso', () => {
  it.each([1, 2, 3, 4])('reaches the minimum that a proximal-gradient solver finds (problem %i)', (seed) => {
    const { gram, target } = problem(seed, 60, 12, (i) => (i % 3 === 0 ? 1 - i / 10 : 0));
    for (const alpha of [0.01, 0.1, 0.5]) {
      const ours = lasso(gram, target, alpha);
      const theirs = reference(gram, target, alpha);
      expect(ours.converged).toBe(true);
      expect(objective(gram, target, ours.coefficients, alpha)).toBeLessThanOrEqual(
        objective(gram, target, theirs, alpha) + 1e-7,
      );
      ours.coefficients.forEach((value, i) => expect(value).toBeCloseTo(theirs[i], 4));
    }
  });

  it('gives zero coefficients above the largest correlation', () => {
    const { gram, target } = problem(5, 40, 8, () => 1);
    const alpha = Math.max(...target.map(Math.abs)) * 1.0001;
    expect([...lasso(gram, target, alpha).coefficients]).toEqual(new Array(8).fill(0));
  });

  it('ends in the same place from a warm start', () => {
    const { gram, target } = problem(6, 60, 10, (i) => i / 10);
    const cold = lasso(gram, target, 0.05).coefficients;
    const warm = lasso(gram, target, 0.05, lasso(gram, target, 0.2).coefficients).coefficients;
    warm.forEach((value, i) => expect(value).toBeCloseTo(cold[i], 5));
  });

  it('survives a column that is always zero', () => {
    const { gram, target } = problem(7, 40, 6, () => 1);
    for (let i = 0; i < 6; i++) gram.values[2 * 6 + i] = gram.values[i * 6 + 2] = 0;
    target[2] = 0;
    expect(lasso(gram, target, 0.01).coefficients[2]).toBe(0);
  });
});

describe('selectByLasso', () => {
  it('keeps the columns that made the target', () => {
    const { gram, target } = problem(8, 200, 16, (i) => (i % 4 === 1 ? 2 : 0));
    expect(selectByLasso(gram, target, 4).kept).toEqual([1, 5, 9, 13]);
  });

  it.each([1, 3, 7, 15, 16])('keeps exactly %i of 16', (count) => {
    const { gram, target } = problem(9, 100, 16, (i) => 1 + i);
    expect(selectByLasso(gram, target, count).kept).toHaveLength(count);
  });

  it('ends at its bound when columns are copies of each other', () => {
    const size = 6;
    const gram = { size, values: new Float64Array(size * size).fill(1) };
    const selection = selectByLasso(gram, new Float64Array(size).fill(6), 3);
    expect(selection.kept).toHaveLength(3);
  });
});

describe('largest', () => {
  it('takes the first of equals and answers in ascending order', () => {
    expect(largest([1, 3, 3, 3, 0], 2)).toEqual([1, 2]);
  });
});
