import { deriveSeed } from '../data/derive-seed';
import { Random } from '../graph/random';
import { logExpectedImprovement } from './expected-improvement';
import { GaussianProcess } from './gaussian-process';
import { PointDistances } from './gp-kernel';
import { fitHyperparameters } from './gp-likelihood';
import { minimize } from './minimize';
import { QuasiRandomSampler } from './quasi-random-sampler';
import { HistorySampler } from './told-history';
import type { Decision, Space } from './space';

export interface GpOptions {
  /** Trials before it begins to learn, which fill the space evenly. Default 10. */
  readonly startup?: number;
}

/** Most tellings that hyper-parameters are fitted to; a fit costs their cube. */
const MOST_FITTED = 160;
const STARTS = 4;

/**
 * Bayesian optimization with a Gaussian process: Matern-5/2 with a length-scale a dimension, fitted by its marginal
 * likelihood; it proposes where the logarithm of the expected improvement is highest. What is being tried counts as tried with
 * the result that is expected of it.
 */
export class GpSampler extends HistorySampler {
  readonly name = 'gp';
  private readonly startup: QuasiRandomSampler;
  private readonly distances: PointDistances;
  /** The process, and how many tellings its hyper-parameters were fitted to. */
  private fitted: { readonly to: number; readonly process: GaussianProcess } | undefined;

  constructor(
    space: Space,
    seed: number,
    private readonly options: GpOptions = {},
  ) {
    super(space, seed);
    this.startup = new QuasiRandomSampler(space, seed);
    this.distances = new PointDistances(space);
  }

  override restore(state: unknown): void {
    super.restore(state);
    this.fitted = undefined;
  }

  ask(trial: number, pending: readonly Decision[] = []): Decision {
    if (this.points.length < (this.options.startup ?? 10)) return this.startup.ask(trial);
    const values = standardized(this.rewards());
    const process = this.process(values);
    for (const point of this.points.slice(process.size)) process.add(point);
    process.setValues(values);
    const known = this.points.length;
    const all = [...values];
    for (const decision of pending) {
      const units = this.space.encode(decision);
      all.push(process.predict(units).mean);
      process.add(units);
      process.setValues(Float64Array.from(all));
    }
    const decision = this.propose(process, Math.max(...all), new Random(deriveSeed(this.seed, trial)), trial);
    process.truncate(known);
    return decision;
  }

  /** Fitted anew after every telling at first, later after so many more: always a pure function of the tellings. */
  private process(values: Float64Array): GaussianProcess {
    const step = values.length < 50 ? 1 : values.length < 100 ? 4 : 25;
    const to = Math.floor(values.length / step) * step;
    if (this.fitted?.to !== to) {
      const chosen = mostTelling(this.rewards().subarray(0, to));
      const hyper = fitHyperparameters(
        this.distances,
        chosen.map((i) => this.points[i]),
        standardized(this.rewards().subarray(0, to)).filter((_, i) => chosen.includes(i)),
      );
      this.fitted = { to, process: new GaussianProcess(this.distances, hyper) };
    }
    return this.fitted.process;
  }

  private propose(process: GaussianProcess, best: number, random: Random, trial: number): Decision {
    const acquisition = (units: Float64Array): number => logExpectedImprovement(process.predict(units), best).value;
    const snap = (units: Float64Array): Float64Array => this.space.encode(this.space.decode(units));
    const seen = [...this.rewards().entries()].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    const spread = Array.from({ length: 200 }, (_, i) => this.startup.units(trial * 200 + i));
    const near = Array.from({ length: 60 }, (_, i) =>
      this.vary(this.points[seen[i % Math.min(5, seen.length)][0]], random),
    );
    const scored = [...spread, ...near]
      .map(snap)
      .map((units) => ({ units, score: acquisition(units) }))
      .sort((a, b) => b.score - a.score);
    let winner = scored[0];
    for (const { units } of scored.slice(0, STARTS)) {
      const improved = this.climb(process, best, units, acquisition);
      if (improved.score > winner.score) winner = improved;
    }
    return this.space.decode(winner.units);
  }

  /** A point like another one, changed in some dimensions. */
  private vary(point: Float64Array, random: Random): Float64Array {
    const width = 10 ** -(1 + 2 * random.uniform());
    return point.map((unit, d) => {
      const dimension = this.space.dimensions[d];
      if (dimension.kind === 'categorical') {
        return Number.isNaN(unit) || random.uniform() < 0.2 ? random.int(dimension.choices.length) : unit;
      }
      const centre = Number.isNaN(unit) ? random.uniform() : unit;
      return Math.min(1, Math.max(0, centre + width * random.normal()));
    });
  }

  /** Uphill from a point: continuous dimensions by their gradient, the others value by value, until nothing helps. */
  private climb(
    process: GaussianProcess,
    best: number,
    start: Float64Array,
    acquisition: (units: Float64Array) => number,
  ): { units: Float64Array; score: number } {
    const { space } = this;
    const isSmooth = Array.from(start, (unit, d) => !Number.isNaN(unit) && space.cells(d) === Infinity);
    let units = start;
    let score = acquisition(units);
    for (let round = 0; round < 3; round++) {
      const before = score;
      if (isSmooth.some(Boolean)) {
        const result = minimize(
          (x, gradient) => {
            const prediction = process.predict(x, true);
            const { value, byMean, byDeviation } = logExpectedImprovement(prediction, best);
            for (let d = 0; d < x.length; d++) {
              gradient[d] = isSmooth[d]
                ? -byMean * prediction.meanGradient![d] - byDeviation * prediction.deviationGradient![d]
                : 0;
            }
            return -value;
          },
          units,
          { low: start.map(() => 0), high: start.map((_, d) => (isSmooth[d] ? 1 : Infinity)), iterations: 30 },
        );
        if (-result.value > score) [units, score] = [result.x, -result.value];
      }
      for (let d = 0; d < units.length; d++) {
        if (isSmooth[d] || Number.isNaN(units[d])) continue;
        for (const unit of this.alternatives(units[d], d)) {
          const other = space.encode(space.decode(units.map((value, i) => (i === d ? unit : value))));
          // A choice that other dimensions hang on has its turn among the starting points.
          if (other.some((value, i) => Number.isNaN(value) !== Number.isNaN(units[i]))) continue;
          const changed = acquisition(other);
          if (changed > score) [units, score] = [other, changed];
        }
      }
      if (score - before < 1e-3) break;
    }
    return { units, score };
  }

  /** Other values of a dimension that has steps: all when they are few, else those beside it. */
  private alternatives(unit: number, d: number): number[] {
    const cells = this.space.cells(d);
    if (this.space.dimensions[d].kind === 'categorical') {
      return Array.from({ length: cells }, (_, choice) => choice).filter((choice) => choice !== unit);
    }
    const steps =
      cells <= 8
        ? Array.from({ length: cells }, (_, c) => (c + 0.5) / cells)
        : [-1, 1, -3, 3].map((s) => unit + s / cells);
    return steps.filter((other) => other >= 0 && other <= 1 && Math.abs(other - unit) > 0.1 / cells);
  }
}

/** Mean 0, variance 1, so that one prior fits every reward. */
function standardized(rewards: Float64Array): Float64Array {
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  const deviation = Math.sqrt(rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / rewards.length);
  return rewards.map((reward) => (reward - mean) / (deviation || 1));
}

/** Indices, ascending, of all tellings; where those are too many, of the best and of an even part of the others. */
function mostTelling(rewards: Float64Array): number[] {
  const order = [...rewards.keys()].sort((a, b) => rewards[b] - rewards[a] || a - b);
  if (order.length <= MOST_FITTED) return order.sort((a, b) => a - b);
  const good = order.slice(0, MOST_FITTED / 2);
  const rest = order.slice(MOST_FITTED / 2).sort((a, b) => a - b);
  const stride = rest.length / (MOST_FITTED / 2);
  const even = Array.from({ length: MOST_FITTED / 2 }, (_, i) => rest[Math.floor(i * stride)]);
  return [...good, ...even].sort((a, b) => a - b);
}
