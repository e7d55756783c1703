import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/engine/graph/random';
import { factorize } from '../../../../src/engine/search/cholesky';

const SIZE = 7;
const random = new Random(1);
const rows = Array.from({ length: SIZE }, () => Array.from({ length: SIZE }, () => random.normal()));
const matrix = Float64Array.from({ length: SIZE * SIZE }, (_, at) => {
  const [i, j] = [Math.floor(at / SIZE), at % SIZE];
  return rows[i].reduce((sum, value, k) => sum + value * rows[j][k], 0) + (i === j ? 1 : 0);
});
const times = (x: ArrayLike<number>) =>
  Array.from({ length: SIZE }, (_, i) =>
    Array.from(x).reduce((sum, value, j) => sum + matrix[i * SIZE + j] * value, 0),
  );

describe('a Cholesky factor', () => {
  const factor = factorize(matrix, SIZE)!;
  const b = Float64Array.from({ length: SIZE }, (_, i) => i - 2);

  it('solves its matrix', () => {
    const x = factor.solveUpper(factor.solveLower(b.slice()));
    times(x).forEach((value, i) => expect(value).toBeCloseTo(b[i], 9));
  });

  it('inverts its matrix', () => {
    const inverse = factor.inverse();
    const whole = (i: number, j: number) => inverse[Math.max(i, j) * SIZE + Math.min(i, j)];
    for (let j = 0; j < SIZE; j++) {
      const column = times(Array.from({ length: SIZE }, (_, i) => whole(i, j)));
      column.forEach((value, i) => expect(value).toBeCloseTo(i === j ? 1 : 0, 9));
    }
  });

  it('refuses a row that would make the matrix indefinite, and stays as it was', () => {
    expect(factor.append([...matrix.slice(0, SIZE), matrix[0]])).toBe(false);
    expect(factor.size).toBe(SIZE);
  });
});
