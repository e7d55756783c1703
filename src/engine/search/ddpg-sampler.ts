import { deriveSeed } from '../data/derive-seed';
import { Random } from '../graph/random';
import { fitToBudget, type Budget } from './budget';
import { DdpgAgent } from './ddpg/agent';
import { Episode } from './ddpg/episode';
import type { NoiseKind } from './ddpg/noise';
import { QuasiRandomSampler } from './quasi-random-sampler';
import type { Told } from './sampler';
import type { Decision, Space } from './space';
import { HistorySampler } from './told-history';

export interface DdpgOptions {
  /** Trials before it begins to act, which fill the space evenly. Default 10. */
  readonly startup?: number;
  /** Default action. */
  readonly noise?: NoiseKind;
  /** Units of the hidden layers. Default 64, 64. */
  readonly hidden?: readonly number[];
}

/** How far it goes from what it holds for best at first, and what is left of that after each trial (AMC: 0.5, 0.95). */
const [NOISE, NOISE_DECAY] = [0.5, 0.95];
/** Share of the baseline, the mean of rewards, that stays at each telling. */
const BASELINE_DECAY = 0.95;

/**
 * Deep deterministic policy gradient over the dimensions one after the other, as AMC does (He et al. 2018): an actor sees each
 * dimension's features and what is left of the budget. Every step of an episode gets the reward of the whole, less a baseline;
 * nothing is discounted. It learns from decisions that others made too.
 */
export class DdpgSampler extends HistorySampler {
  readonly name = 'ddpg';
  private readonly startup: QuasiRandomSampler;
  private readonly episode: Episode;
  private agent: DdpgAgent;
  private baseline: number | undefined;

  constructor(
    space: Space,
    seed: number,
    private readonly budget?: Budget,
    private readonly options: DdpgOptions = {},
  ) {
    super(space, seed);
    this.startup = new QuasiRandomSampler(space, seed);
    this.episode = new Episode(space, budget);
    this.agent = this.newAgent();
  }

  override restore(state: unknown): void {
    this.agent = this.newAgent();
    this.baseline = undefined;
    super.restore(state);
  }

  ask(trial: number): Decision {
    const { budget, space, episode, points } = this;
    const startup = this.options.startup ?? 10;
    if (points.length < startup) {
      const decision = this.startup.ask(trial);
      return budget ? fitToBudget(space, budget, decision) : decision;
    }
    const size = NOISE * NOISE_DECAY ** (points.length - startup);
    const act = this.agent.explorer(size, new Random(deriveSeed(this.seed, trial)));
    const units = episode.empty();
    for (let i = 0; i < space.size; i++) {
      if (episode.counts(i, units)) units[i] = episode.unit(i, units, act(episode.state(i, units)));
    }
    return space.decode(units);
  }

  override tell(told: Told): void {
    super.tell(told);
    const rewards = this.rewards();
    const reward = rewards[rewards.length - 1];
    const steps = this.stepsOf(this.points[this.points.length - 1]);
    steps.forEach(({ state, action }, i) => {
      const next = steps[i + 1]?.state;
      this.agent.remember({ state, action, reward, ...(next && { next }) });
    });
    this.baseline =
      this.baseline === undefined ? reward : BASELINE_DECAY * this.baseline + (1 - BASELINE_DECAY) * reward;
    // Rewards come in any unit; what an episode adds up to is to be about 1.
    for (let i = 0; i < steps.length; i++) this.agent.learn(this.baseline, spread(rewards) * steps.length);
  }

  private newAgent(): DdpgAgent {
    const { noise = 'action', hidden = [64, 64] } = this.options;
    return new DdpgAgent({ stateSize: this.episode.stateSize, seed: this.seed, discount: 1, noise, hidden });
  }

  private stepsOf(units: Float64Array): { state: Float64Array; action: number }[] {
    return [...units.keys()]
      .filter((i) => !Number.isNaN(units[i]))
      .map((i) => ({ state: this.episode.state(i, units), action: this.episode.action(i, units[i]) }));
  }
}

/** Standard deviation; 1 where all are the same. */
function spread(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
}
