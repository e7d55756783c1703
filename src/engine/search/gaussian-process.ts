import { Cholesky } from './cholesky';
import { matern, maternSlope, type PointDistances } from './gp-kernel';
import type { Hyperparameters } from './gp-likelihood';

/** What a Gaussian process expects at a point, and how sure it is. */
export interface Prediction {
  readonly mean: number;
  readonly deviation: number;
  /** Derivatives by the point's coordinates; those of choices and of absent dimensions mean nothing. */
  readonly meanGradient?: Float64Array;
  readonly deviationGradient?: Float64Array;
}

/** Regression by a Gaussian process with given hyper-parameters. Points come one by one, each for n^2 operations. */
export class GaussianProcess {
  private readonly points: Float64Array[] = [];
  private readonly factor = new Cholesky();
  private alpha: Float64Array = new Float64Array();

  constructor(
    private readonly distances: PointDistances,
    readonly hyper: Hyperparameters,
  ) {}

  get size(): number {
    return this.points.length;
  }

  add(point: Float64Array): void {
    const { signal, noise } = this.hyper;
    const row = this.covariances(point);
    // A copy of a point that is there, to the last digit: a little more noise tells the two apart.
    for (let own = noise; !this.factor.append([...row, signal + own]); own *= 10);
    this.points.push(point);
  }

  /** Forgets points that were added last. */
  truncate(size: number): void {
    this.points.length = Math.min(size, this.points.length);
    this.factor.truncate(size);
  }

  /** @param values One a point, in their order. */
  setValues(values: Float64Array): void {
    this.alpha = this.factor.solveUpper(this.factor.solveLower(values.slice()));
  }

  predict(point: Float64Array, withGradient = false): Prediction {
    const { signal } = this.hyper;
    const k = this.covariances(point);
    let mean = 0;
    for (let i = 0; i < k.length; i++) mean += this.alpha[i] * k[i];
    const solved = this.factor.solveLower(k.slice());
    let variance = signal;
    for (const v of solved) variance -= v * v;
    const deviation = Math.sqrt(Math.max(variance, 1e-12 * signal));
    if (!withGradient) return { mean, deviation };
    const meanGradient = new Float64Array(point.length);
    const deviationGradient = new Float64Array(point.length);
    const beta = this.factor.solveUpper(solved);
    this.points.forEach((other, i) => {
      const slope = 2 * signal * maternSlope(this.distances.weighted(point, other, this.hyper.weights));
      for (let d = 0; d < point.length; d++) {
        // From a point that lacks the dimension, the distance grows from the middle.
        const from = Number.isNaN(other[d]) ? 0.5 : other[d];
        const change = slope * this.hyper.weights[d] * (point[d] - from);
        meanGradient[d] += this.alpha[i] * change;
        deviationGradient[d] -= (beta[i] * change) / deviation;
      }
    });
    return { mean, deviation, meanGradient, deviationGradient };
  }

  private covariances(point: Float64Array): Float64Array {
    const { signal, weights } = this.hyper;
    return Float64Array.from(this.points, (other) => signal * matern(this.distances.weighted(point, other, weights)));
  }
}
