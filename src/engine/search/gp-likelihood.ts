import { factorize } from './cholesky';
import { matern, maternSlope, type PointDistances } from './gp-kernel';
import { minimize } from './minimize';

/** What a Gaussian process assumes of the function. */
export interface Hyperparameters {
  /** For each dimension one over the squared length-scale. */
  readonly weights: Float64Array;
  /** Variance of the function, and of the noise on it, for values of unit variance. */
  readonly signal: number;
  readonly noise: number;
}

const LEAST_NOISE = 1e-7;
/** Spread of the log-normal prior of length-scales (Hvarfner et al. 2024, "Vanilla BO performs great in high dimensions"). */
const LENGTH_SPREAD = Math.sqrt(3);
const SIGNAL_SPREAD = 1;
const NOISE_CENTRE = Math.log(1e-4);
const NOISE_SPREAD = 4;

/**
 * Minus the log posterior of hyper-parameters, up to a constant, and its gradient. The parameters are logarithms: the
 * weight of each dimension, signal, noise. Length-scales grow with the square root of the dimensions a priori.
 */
export function negativeLogPosterior(
  distances: PointDistances,
  points: readonly Float64Array[],
  values: Float64Array,
): (theta: Float64Array, gradient: Float64Array) => number {
  const [n, dims] = [points.length, distances.size];
  const pairs = (n * (n - 1)) / 2;
  const squares = Array.from({ length: dims }, (_, d) => {
    const own = new Float64Array(pairs);
    for (let i = 1, at = 0; i < n; i++)
      for (let j = 0; j < i; j++) own[at++] = distances.squared(points[i], points[j], d);
    return own;
  });
  const total = new Float64Array(pairs);
  const matrix = new Float64Array(n * n);

  return (theta, gradient) => {
    const signal = Math.exp(theta[dims]);
    const noise = Math.exp(theta[dims + 1]);
    total.fill(0);
    squares.forEach((own, d) => {
      const weight = Math.exp(theta[d]);
      for (let at = 0; at < pairs; at++) total[at] += weight * own[at];
    });
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j < i; j++, at++) matrix[i * n + j] = signal * matern(total[at]);
      matrix[i * n + i] = signal + noise;
    }
    const factor = factorize(matrix, n);
    if (!factor) return Infinity;
    const alpha = factor.solveUpper(factor.solveLower(values.slice()));
    const inverse = factor.inverse();
    let loss = 0.5 * factor.logDeterminant();
    for (let i = 0; i < n; i++) loss += 0.5 * values[i] * alpha[i];

    // d loss / dK = (K^-1 - alpha alpha') / 2, each pair twice.
    gradient.fill(0);
    const slopes = new Float64Array(pairs);
    for (let i = 0, at = 0; i < n; i++) {
      for (let j = 0; j < i; j++, at++) {
        const outer = inverse[i * n + j] - alpha[i] * alpha[j];
        gradient[dims] += outer * matrix[i * n + j];
        slopes[at] = outer * signal * maternSlope(total[at]);
      }
      const own = 0.5 * (inverse[i * n + i] - alpha[i] * alpha[i]);
      gradient[dims] += own * signal;
      gradient[dims + 1] += own * noise;
    }
    squares.forEach((own, d) => {
      let sum = 0;
      for (let at = 0; at < pairs; at++) sum += slopes[at] * own[at];
      gradient[d] = sum * Math.exp(theta[d]);
    });
    return loss + addPriors(theta, gradient, dims);
  };
}

function addPriors(theta: Float64Array, gradient: Float64Array, dims: number): number {
  let loss = 0;
  const pull = (index: number, centre: number, spread: number): void => {
    const distance = (theta[index] - centre) / spread;
    loss += 0.5 * distance * distance;
    gradient[index] += distance / spread;
  };
  // Twice that of the length-scale, since the weight is its square.
  for (let d = 0; d < dims; d++) pull(d, usualWeight(dims), 2 * LENGTH_SPREAD);
  pull(dims, 0, SIGNAL_SPREAD);
  pull(dims + 1, NOISE_CENTRE, NOISE_SPREAD);
  return loss;
}

/** Logarithm of the weight that is likeliest a priori: a length-scale of half the range in one dimension. */
function usualWeight(dims: number): number {
  return -2 * Math.log(0.5 * Math.sqrt(dims));
}

/** The likeliest hyper-parameters, from a fixed start, so that the same tellings always give the same. */
export function fitHyperparameters(
  distances: PointDistances,
  points: readonly Float64Array[],
  values: Float64Array,
): Hyperparameters {
  const dims = distances.size;
  const start = new Float64Array(dims + 2).fill(usualWeight(dims));
  [start[dims], start[dims + 1]] = [0, Math.log(1e-3)];
  const bound = (weight: number, signal: number, noise: number): Float64Array =>
    Float64Array.from(start, (_, i) => (i < dims ? weight : i === dims ? signal : noise));
  const { x } = minimize(negativeLogPosterior(distances, points, values), start, {
    low: bound(-12, -4, Math.log(LEAST_NOISE)),
    high: bound(8, 6, 0.5),
    iterations: 60,
    tolerance: 1e-2,
  });
  return { weights: x.slice(0, dims).map(Math.exp), signal: Math.exp(x[dims]), noise: Math.exp(x[dims + 1]) };
}
