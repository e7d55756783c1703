/** A symmetric matrix, row-major `[size, size]`. */
export interface Gram {
  readonly size: number;
  readonly values: Float64Array;
}

export interface LassoSolution {
  /** Coefficient of each column, `[size]`. */
  readonly coefficients: Float64Array;
  /** Sweeps over all coordinates. */
  readonly sweeps: number;
  readonly converged: boolean;
}

const MAX_SWEEPS = 200;
const TOLERANCE = 1e-7;

/**
 * LASSO by coordinate descent on the Gram matrix (Friedman, Hastie & Tibshirani 2010, eq. 10):
 * minimises `1/2 b'Gb - c'b + alpha * sum |b_i|`. A column without variance gets 0.
 *
 * @param start Coefficients to begin from: the solution for a neighbouring alpha makes it quick.
 */
export function lasso(gram: Gram, target: Float64Array, alpha: number, start?: Float64Array): LassoSolution {
  const { size, values } = gram;
  const coefficients = start ? Float64Array.from(start) : new Float64Array(size);
  // gradient = c - G b, kept up to date so that one coordinate step costs O(size)
  const gradient = Float64Array.from(target);
  for (let i = 0; i < size; i++) if (coefficients[i] !== 0) addColumn(gradient, values, size, i, -coefficients[i]);

  let scale = 0;
  for (let i = 0; i < size; i++) scale = Math.max(scale, Math.abs(target[i]));
  const smallest = TOLERANCE * (scale || 1);

  for (let sweep = 1; sweep <= MAX_SWEEPS; sweep++) {
    let change = 0;
    for (let i = 0; i < size; i++) {
      const variance = values[i * size + i];
      if (variance <= 0) continue;
      const old = coefficients[i];
      const next = softThreshold(gradient[i] + variance * old, alpha) / variance;
      if (next === old) continue;
      coefficients[i] = next;
      addColumn(gradient, values, size, i, old - next);
      change = Math.max(change, Math.abs(next - old) * variance);
    }
    if (change <= smallest) return { coefficients, sweeps: sweep, converged: true };
  }
  return { coefficients, sweeps: MAX_SWEEPS, converged: false };
}

export interface ChannelSelection {
  /** Columns that stay, ascending. */
  readonly kept: readonly number[];
  readonly alpha: number;
  /** How the search for alpha ended: with exactly `count` columns, or at its bound with the largest coefficients taken. */
  readonly ended: 'exact' | 'bound';
}

const MAX_BISECTIONS = 30;

/**
 * The `count` columns that LASSO keeps: He et al. 2017, section 3.1, with the penalty found by a bounded bisection
 * instead of the paper's unbounded growth. Where no penalty gives exactly `count` columns, those with the largest
 * effect `|b_i| sqrt(G_ii)` are taken from the last solution that kept enough.
 */
export function selectByLasso(gram: Gram, target: Float64Array, count: number): ChannelSelection {
  const { size, values } = gram;
  if (count >= size) return { kept: Array.from({ length: size }, (_, i) => i), alpha: 0, ended: 'exact' };
  // Above the largest |c_i| every coefficient is 0; six decades below it the penalty is lost in rounding.
  let high = target.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  let low = high * 1e-6;
  let enough = lasso(gram, target, 0, new Float64Array(size).fill(1)).coefficients;
  let warm = enough;
  for (let step = 0; step < MAX_BISECTIONS; step++) {
    const alpha = Math.sqrt(low * high);
    warm = lasso(gram, target, alpha, warm).coefficients;
    const kept = indicesOfNonzero(warm);
    if (kept.length === count) return { kept, alpha, ended: 'exact' };
    if (kept.length > count) {
      low = alpha;
      enough = warm;
    } else {
      high = alpha;
    }
  }
  const effect = enough.map((value, i) => Math.abs(value) * Math.sqrt(Math.max(values[i * size + i], 0)));
  return { kept: largest(effect, count), alpha: low, ended: 'bound' };
}

/** Indices of the `count` largest scores, ascending; of equals the first. */
export function largest(scores: ArrayLike<number>, count: number): number[] {
  return Array.from({ length: scores.length }, (_, i) => i)
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

function softThreshold(value: number, alpha: number): number {
  if (value > alpha) return value - alpha;
  if (value < -alpha) return value + alpha;
  return 0;
}

function addColumn(into: Float64Array, matrix: Float64Array, size: number, column: number, factor: number): void {
  // The matrix is symmetric, so its row is read in place of the column.
  const start = column * size;
  for (let j = 0; j < size; j++) into[j] += factor * matrix[start + j];
}

function indicesOfNonzero(values: Float64Array): number[] {
  const indices: number[] = [];
  values.forEach((value, i) => {
    if (value !== 0) indices.push(i);
  });
  return indices;
}
