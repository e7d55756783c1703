import { describe, expect, it } from 'vitest';
import { solveRidge } from '../../../../src/engine/learners/channel/least-squares';
import { Moments } from '../../../../src/engine/learners/channel/moments';
import { addGrams, ownTarget, unitGram } from '../../../../src/engine/learners/channel/unit-gram';
import { seededNormal } from '../../../support/seeded';

const normals = (seed: number, count: number) => Float32Array.from({ length: count }, seededNormal(seed));

function multiply(a: ArrayLike<number>, b: ArrayLike<number>, n: number, k: number, m: number): Float64Array {
  const out = new Float64Array(n * m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) for (let l = 0; l < k; l++) out[i * m + j] += a[i * k + l] * b[l * m + j];
  return out;
}

describe('Moments', () => {
  it.each([1, 4, 7, 10])('sums products of %i rows as a plain loop does', (n) => {
    const [size, columns] = [5, 3];
    const x = normals(1, n * size);
    const y = normals(2, n * columns);
    const moments = new Moments(size, columns);
    moments.add(n, x, y);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let r = 0; r < n; r++) sum += x[r * size + i] * y[r * columns + j];
        expect(moments.second()[i * columns + j]).toBeCloseTo(sum / n, 5);
      }
    }
  });

  it('gives both halves of the products of rows with themselves', () => {
    const x = normals(1, 7 * 5);
    const [own, between] = [new Moments(5), new Moments(5, 5)];
    own.add(7, x);
    between.add(7, x, x);
    expect(own.second()).toEqual(between.second());
  });

  it('gives a covariance once the means are known', () => {
    const rows = normals(3, 400).map((value) => value + 5);
    const moments = new Moments(2);
    moments.add(200, rows);
    const covariance = moments.second(moments.mean(), moments.mean());
    expect(covariance[0]).toBeGreaterThan(0.7);
    expect(covariance[0]).toBeLessThan(1.3);
    expect(Math.abs(covariance[1])).toBeLessThan(0.3);
  });
});

describe('solveRidge', () => {
  it('finds the weights that made the outputs', () => {
    const [n, size, outputs] = [80, 6, 4];
    const x = normals(4, n * size);
    const weight = normals(5, size * outputs);
    const y = Float32Array.from(multiply(x, weight, n, size, outputs));
    const xx = new Moments(size);
    const xy = new Moments(size, outputs);
    xx.add(n, x);
    xy.add(n, x, y);
    const found = solveRidge(xx.second(), xy.second(), size, outputs, 1e-9);
    found.forEach((value, i) => expect(value).toBeCloseTo(weight[i], 3));
  });

  it('stays finite when columns repeat each other or are zero', () => {
    const a = Float64Array.from([1, 1, 0, 1, 1, 0, 0, 0, 0]);
    const x = solveRidge(a, Float64Array.from([2, 2, 0]), 3, 1, 1e-6);
    expect(x[0] + x[1]).toBeCloseTo(2, 3);
    expect(x[2]).toBe(0);
    expect([...solveRidge(new Float64Array(4), new Float64Array(2), 2, 1, 1e-6)]).toEqual([0, 0]);
  });
});

describe('unitGram', () => {
  const [n, size, outputs] = [50, 6, 3];
  const x = normals(6, n * size);
  const weight = normals(7, size * outputs);
  const rowsOf = [[0, 3], [1, 4], [2]];
  const covariance = (() => {
    const moments = new Moments(size);
    moments.add(n, x);
    return moments.second();
  })();

  it('equals the inner products of the contributions', () => {
    const gram = unitGram(covariance, weight, outputs, rowsOf);
    const contributions = rowsOf.map((rows) =>
      multiply(
        x.map((value, i) => (rows.includes(i % size) ? value : 0)),
        weight,
        n,
        size,
        outputs,
      ),
    );
    for (let u = 0; u < 3; u++) {
      for (let v = 0; v < 3; v++) {
        const dot = contributions[u].reduce((sum, value, i) => sum + value * contributions[v][i], 0) / n;
        expect(gram.values[u * 3 + v]).toBeCloseTo(dot, 4);
      }
    }
  });

  it('weighs layers by their own energy', () => {
    const gram = unitGram(covariance, weight, outputs, rowsOf);
    const louder = { size: gram.size, values: gram.values.map((value) => value * 1000) };
    const sum = addGrams([gram, louder]);
    const target = ownTarget(sum);
    expect(target.reduce((a, b) => a + b, 0)).toBeCloseTo(2, 6);
  });
});
