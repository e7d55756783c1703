/**
 * Solves `(A + ridge * mean(diag A) * I) X = B` for symmetric positive semi-definite A by Cholesky factorisation.
 *
 * @param a Row-major `[size, size]`.
 * @param b Row-major `[size, columns]`.
 * @returns X, row-major `[size, columns]`.
 */
export function solveRidge(
  a: Float64Array,
  b: Float64Array,
  size: number,
  columns: number,
  ridge: number,
): Float64Array {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += a[i * size + i];
  // Features that are all zero leave a zero matrix: any positive diagonal then gives the answer, 0.
  const lift = ridge * (trace / size) || 1;
  const lower = cholesky(a, size, lift);
  const x = Float64Array.from(b);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) subtractRow(x, columns, i, k, lower[i * size + k]);
    scaleRow(x, columns, i, 1 / lower[i * size + i]);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) subtractRow(x, columns, i, k, lower[k * size + i]);
    scaleRow(x, columns, i, 1 / lower[i * size + i]);
  }
  return x;
}

/** Lower triangle L with `L L' = A + lift * I`. */
export function cholesky(a: Float64Array, size: number, lift: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j] + (i === j ? lift : 0);
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
      // Rounding can take the last pivots of a rank-deficient matrix below zero; the lift is their true size.
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, lift * 1e-3)) : sum / lower[j * size + j];
    }
  }
  return lower;
}

function subtractRow(x: Float64Array, columns: number, target: number, source: number, factor: number): void {
  if (factor === 0) return;
  for (let c = 0; c < columns; c++) x[target * columns + c] -= factor * x[source * columns + c];
}

function scaleRow(x: Float64Array, columns: number, row: number, factor: number): void {
  for (let c = 0; c < columns; c++) x[row * columns + c] *= factor;
}

/** Inverse of `A + ridge * mean(diag A) * I` for symmetric positive semi-definite A, row-major `[size, size]`. */
export function invert(a: Float64Array, size: number, ridge: number): Float64Array {
  const identity = new Float64Array(size * size);
  for (let i = 0; i < size; i++) identity[i * size + i] = 1;
  return solveRidge(a, identity, size, size, ridge);
}
