import { deriveSeed } from '../data/derive-seed';
import { Random } from '../graph/random';
import { Parzen } from './parzen';
import { QuasiRandomSampler } from './quasi-random-sampler';
import { HistorySampler } from './told-history';
import type { Decision, Space } from './space';

export interface TpeOptions {
  /** Sees how dimensions depend on each other; off: each by itself. Default true. */
  readonly multivariate?: boolean;
  /** Trials before it begins to learn, which fill the space evenly. Default 10. */
  readonly startup?: number;
  /** Proposals that the best is chosen from. Default 24; more of them make it greedy. */
  readonly candidates?: number;
}

/** Most tellings that count as good. */
const MOST_GOOD = 25;
/** The latest tellings count in full; those before count the less the older they are. */
const FRESH = 25;

/**
 * Tree-structured Parzen estimator (Bergstra et al. 2011): one density of the decisions that went well and one of the
 * others; of some draws from the first it proposes the one where the ratio of the two is highest, as expected improvement
 * is too. Multivariate as in Falkner et al. 2018 ("BOHB"). Pending decisions count as bad ones (constant liar).
 */
export class TpeSampler extends HistorySampler {
  readonly name = 'tpe';
  private readonly startup: QuasiRandomSampler;

  constructor(
    space: Space,
    seed: number,
    private readonly options: TpeOptions = {},
  ) {
    super(space, seed);
    this.startup = new QuasiRandomSampler(space, seed);
  }

  ask(trial: number, pending: readonly Decision[] = []): Decision {
    const { startup = 10, multivariate = true, candidates = 24 } = this.options;
    if (this.points.length < startup) return this.startup.ask(trial);
    const random = new Random(deriveSeed(this.seed, trial));
    const { good, bad } = this.split(pending);
    return multivariate ? this.together(good, bad, candidates, random) : this.oneByOne(good, bad, candidates, random);
  }

  private together(good: Sample, bad: Sample, candidates: number, random: Random): Decision {
    const all = this.space.dimensions.map((_, d) => d);
    const [l, g] = [good, bad].map(({ points, weights }) => new Parzen(this.space, all, points, weights));
    let best: Decision = [];
    let highest = -Infinity;
    for (let i = 0; i < candidates; i++) {
      const decision = this.space.decode(l.sample(random));
      const units = this.space.encode(decision);
      const score = l.logDensity(units) - g.logDensity(units);
      if (score > highest || i === 0) [best, highest] = [decision, score];
    }
    return best;
  }

  private oneByOne(good: Sample, bad: Sample, candidates: number, random: Random): Decision {
    const units = new Float64Array(this.space.size).fill(NaN);
    for (let d = 0; d < this.space.size; d++) {
      // Whether it counts hangs on dimensions before it, which are decided.
      if (this.space.decode(units)[d] === null) continue;
      const [l, g] = [good, bad].map((sample) => {
        const known = [...sample.points.keys()].filter((k) => !Number.isNaN(sample.points[k][d]));
        const points = known.map((k) => sample.points[k]);
        return new Parzen(
          this.space,
          [d],
          points,
          known.map((k) => sample.weights[k]),
        );
      });
      let highest = -Infinity;
      for (let i = 0; i < candidates; i++) {
        const at = l.sample(random);
        const score = l.logDensity(at) - g.logDensity(at);
        if (score > highest || i === 0) [units[d], highest] = [at[0], score];
      }
    }
    return this.space.decode(units);
  }

  private split(pending: readonly Decision[]): { good: Sample; bad: Sample } {
    const rewards = this.rewards();
    const order = [...rewards.keys()].sort((a, b) => rewards[b] - rewards[a] || a - b);
    const goodCount = Math.min(Math.ceil(0.1 * order.length), MOST_GOOD);
    const inTime = (indices: number[]): Float64Array[] => indices.sort((a, b) => a - b).map((i) => this.points[i]);
    const good = inTime(order.slice(0, goodCount));
    const bad = [...inTime(order.slice(goodCount)), ...pending.map((decision) => this.space.encode(decision))];
    return { good: weighted(good), bad: weighted(bad) };
  }
}

interface Sample {
  readonly points: readonly Float64Array[];
  readonly weights: readonly number[];
}

/** Points in the order of time, the older ones with less weight where there are many. */
function weighted(points: readonly Float64Array[]): Sample {
  const old = points.length - FRESH;
  const weights = points.map((_, i) =>
    i >= old ? 1 : 1 / points.length + (i / Math.max(old - 1, 1)) * (1 - 1 / points.length),
  );
  return { points, weights };
}
