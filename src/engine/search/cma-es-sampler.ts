import { deriveSeed } from '../data/derive-seed';
import { Random } from '../graph/random';
import { factorize, type Cholesky } from './cholesky';
import { HistorySampler } from './told-history';
import type { Told } from './sampler';
import type { Decision, Space } from './space';

const DRAWS = 10;

/**
 * Covariance matrix adaptation (Hansen 2016, "The CMA evolution strategy: a tutorial"), on unit coordinates; steps are whitened
 * by the Cholesky factor, as in Suttorp et al. 2009. Choices are drawn as parts of [0, 1]. Stepped dimensions keep a spread of at
 * least half a step, or they would freeze. Decisions that it did not propose are taken in with a step of bounded length
 * (Hansen 2011, "Injecting external solutions into CMA-ES").
 */
export class CmaEsSampler extends HistorySampler {
  readonly name = 'cma-es';
  private readonly population: number;
  private readonly weights: Float64Array;
  private readonly mass: number;
  private search: Distribution;

  constructor(space: Space, seed: number) {
    super(space, seed);
    const n = Math.max(space.size, 1);
    this.population = 4 + Math.floor(3 * Math.log(n));
    const parents = Math.floor(this.population / 2);
    const raw = Float64Array.from({ length: parents }, (_, i) => Math.log((this.population + 1) / 2) - Math.log(i + 1));
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    this.weights = raw.map((weight) => weight / total);
    this.mass = 1 / this.weights.reduce((sum, weight) => sum + weight * weight, 0);
    this.search = start(space.size);
  }

  override restore(state: unknown): void {
    this.search = start(this.space.size);
    super.restore(state);
  }

  ask(trial: number): Decision {
    const random = new Random(deriveSeed(this.seed, trial));
    const { mean, sigma, factor } = this.search;
    let point = mean;
    for (let draw = 0; draw < DRAWS; draw++) {
      const step = factor.multiply(mean.map(() => random.normal()));
      point = mean.map((m, d) => m + sigma * step[d]);
      if (point.every((unit) => unit >= 0 && unit <= 1)) break;
    }
    return this.space.decode(point.map((unit, d) => this.toChoice(unit, d)));
  }

  override tell(told: Told): void {
    super.tell(told);
    if (this.points.length % this.population === 0) this.search = this.next();
  }

  private toChoice(unit: number, d: number): number {
    const dimension = this.space.dimensions[d];
    if (dimension.kind !== 'categorical') return unit;
    return Math.min(dimension.choices.length - 1, Math.max(0, Math.floor(unit * dimension.choices.length)));
  }

  /** Where a told point lies among the unit coordinates that steps are made in; one it lacks lies at the mean. */
  private place(point: Float64Array): Float64Array {
    return point.map((unit, d) => {
      if (Number.isNaN(unit)) return this.search.mean[d];
      const dimension = this.space.dimensions[d];
      return dimension.kind === 'categorical' ? (unit + 0.5) / dimension.choices.length : unit;
    });
  }

  /** The distribution after a generation: the last `population` tellings. */
  private next(): Distribution {
    const { mean, sigma, factor, covariance, path, evolution, generation } = this.search;
    const [n, mass] = [mean.length, this.mass];
    const rewards = this.rewards().subarray(-this.population);
    const order = [...rewards.keys()].sort((a, b) => rewards[b] - rewards[a] || a - b);
    const latest = this.points.slice(-this.population);
    const longest = Math.sqrt(n) + (2 * n) / (n + 2);
    const steps = order.slice(0, this.weights.length).map((k) => {
      const step = this.place(latest[k]).map((unit, d) => (unit - mean[d]) / sigma);
      const length = Math.hypot(...factor.solveLower(step.slice()));
      return length > longest ? step.map((value) => (value * longest) / length) : step;
    });
    const moved = mean.map((_, d) => steps.reduce((sum, step, i) => sum + this.weights[i] * step[d], 0));

    const cSigma = (mass + 2) / (n + mass + 5);
    const damping = 1 + 2 * Math.max(0, Math.sqrt((mass - 1) / (n + 1)) - 1) + cSigma;
    const cPath = (4 + mass / n) / (n + 4 + (2 * mass) / n);
    const c1 = 2 / ((n + 1.3) ** 2 + mass);
    const cMu = Math.min(1 - c1, (2 * (mass - 2 + 1 / mass)) / ((n + 2) ** 2 + mass));
    const usual = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));

    const white = factor.solveLower(moved.slice());
    const nextPath = path.map((p, d) => (1 - cSigma) * p + Math.sqrt(cSigma * (2 - cSigma) * mass) * white[d]);
    const length = Math.hypot(...nextPath);
    const settled =
      length / Math.sqrt(1 - (1 - cSigma) ** (2 * (generation + 1))) < (1.4 + 2 / (n + 1)) * usual ? 1 : 0;
    const nextEvolution = evolution.map(
      (p, d) => (1 - cPath) * p + settled * Math.sqrt(cPath * (2 - cPath) * mass) * moved[d],
    );
    const kept = 1 - c1 - cMu + (1 - settled) * c1 * cPath * (2 - cPath);
    const nextCovariance = covariance.map((value, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      const rankMu = steps.reduce((sum, step, k) => sum + this.weights[k] * step[i] * step[j], 0);
      return kept * value + c1 * nextEvolution[i] * nextEvolution[j] + cMu * rankMu;
    });
    const nextSigma = Math.min(1, sigma * Math.exp(Math.min(1, (cSigma / damping) * (length / usual - 1))));
    this.keepSpread(nextCovariance, nextSigma);
    return {
      mean: mean.map((m, d) => Math.min(1, Math.max(0, m + sigma * moved[d]))),
      sigma: nextSigma,
      covariance: nextCovariance,
      factor: factorize(nextCovariance, n) ?? factor,
      path: nextPath,
      evolution: nextEvolution,
      generation: generation + 1,
    };
  }

  /** Raises variances of stepped dimensions, in place, to where a step is still taken now and then. */
  private keepSpread(covariance: Float64Array, sigma: number): void {
    const n = this.space.size;
    for (let d = 0; d < n; d++) {
      const least = (0.5 / this.space.cells(d) / sigma) ** 2;
      if (covariance[d * n + d] < least) covariance[d * n + d] = least;
    }
  }
}

/** The normal distribution that proposals are drawn from, and the paths that its mean has come along. */
interface Distribution {
  readonly mean: Float64Array;
  readonly sigma: number;
  /** Row-major, and its factor. */
  readonly covariance: Float64Array;
  readonly factor: Cholesky;
  readonly path: Float64Array;
  readonly evolution: Float64Array;
  readonly generation: number;
}

function start(n: number): Distribution {
  const covariance = new Float64Array(n * n);
  for (let d = 0; d < n; d++) covariance[d * n + d] = 1;
  return {
    mean: new Float64Array(n).fill(0.5),
    sigma: 0.3,
    covariance,
    // A unit matrix always has one.
    factor: factorize(covariance, n)!,
    path: new Float64Array(n),
    evolution: new Float64Array(n),
    generation: 0,
  };
}
