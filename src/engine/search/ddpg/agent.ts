import { Random } from '../../graph/random';
import { Adam } from './adam';
import { Mlp } from './mlp';
import { AdaptiveDeviation, truncatedNormal, type NoiseKind } from './noise';
import { Replay, type Transition } from './replay';
import { RunningScale } from './running-scale';

export interface AgentOptions {
  readonly stateSize: number;
  readonly seed: number;
  /** Units of the two hidden layers of actor and critic. Default 64, 64. */
  readonly hidden?: readonly number[];
  readonly actorRate?: number;
  readonly criticRate?: number;
  /** What a reward one step later is worth. */
  readonly discount: number;
  /** How fast the target networks follow. Default 0.01. */
  readonly follow?: number;
  readonly batch?: number;
  readonly capacity?: number;
  readonly noise?: NoiseKind;
}

/**
 * Deep deterministic policy gradient (Lillicrap et al. 2016) for one action in [0, 1] a step. A critic learns what an action is
 * worth in a state, an actor climbs its slope; slow copies of both say what comes after a step. States are brought to one scale.
 */
export class DdpgAgent {
  private readonly random: Random;
  private readonly actor: Mlp;
  private readonly critic: Mlp;
  private readonly slowActor: Mlp;
  private readonly slowCritic: Mlp;
  private readonly actorSteps: Adam;
  private readonly criticSteps: Adam;
  private readonly actorSlope: Float64Array;
  private readonly criticSlope: Float64Array;
  private readonly replay: Replay;
  private readonly scale: RunningScale;
  private readonly noisyActor: Mlp;
  private readonly deviation = new AdaptiveDeviation();
  private readonly batch: number;

  constructor(private readonly options: AgentOptions) {
    const { stateSize, seed, hidden = [64, 64], batch = 64, capacity = 100_000, noise = 'action' } = options;
    this.random = new Random(seed);
    // Noise on weights moves actions alike at every depth only between normalized layers.
    const layerNorm = noise === 'parameter';
    this.actor = new Mlp({ inputs: stateSize, hidden, layerNorm, output: 'sigmoid' }).initialize(this.random);
    this.critic = new Mlp({ inputs: stateSize + 1, hidden, layerNorm, output: 'linear' }).initialize(this.random);
    [this.slowActor, this.slowCritic] = [this.actor.copy(), this.critic.copy()];
    this.noisyActor = this.actor.copy();
    this.actorSteps = new Adam(this.actor.parameters, options.actorRate ?? 1e-3);
    this.criticSteps = new Adam(this.critic.parameters, options.criticRate ?? 1e-3);
    this.actorSlope = new Float64Array(this.actor.parameters.length);
    this.criticSlope = new Float64Array(this.critic.parameters.length);
    this.replay = new Replay(capacity);
    this.scale = new RunningScale(stateSize);
    this.batch = batch;
  }

  /** Steps that it remembers. */
  get experience(): number {
    return this.replay.size;
  }

  remember(transition: Transition): void {
    this.scale.add(transition.state);
    this.replay.add(transition);
  }

  /** What it holds for best. */
  act(state: Float64Array): number {
    return this.actionOf(this.actor, state);
  }

  /**
   * Draws the noise of an episode that explores.
   * @param size Of action noise its deviation; of parameter noise how far it shall move actions.
   */
  explorer(size: number, random: Random): (state: Float64Array) => number {
    if (this.options.noise !== 'parameter') return (state) => truncatedNormal(this.act(state), size, random);
    this.adaptTo(size, random);
    this.perturb(random);
    return (state) => this.actionOf(this.noisyActor, state);
  }

  private perturb(random: Random): void {
    const [noisy, { parameters }] = [this.noisyActor.parameters, this.actor];
    for (let i = 0; i < noisy.length; i++) noisy[i] = parameters[i] + this.deviation.value * random.normal();
  }

  /** Some rounds at a time: episodes are few here. */
  private adaptTo(wanted: number, random: Random): void {
    if (this.replay.size === 0) return;
    const states = this.inputs(this.replay.draw(this.batch, random).map(({ state }) => state));
    for (let round = 0; round < 20; round++) {
      this.perturb(random);
      const before = this.actor.forward(states, this.batch).slice(0, this.batch);
      const after = this.noisyActor.forward(states, this.batch);
      const sum = before.reduce((total, action, b) => total + (action - after[b]) ** 2, 0);
      this.deviation.adapt(Math.sqrt(sum / this.batch), wanted);
    }
  }

  /**
   * One step of critic and actor, each on its own loss, and of their slow copies.
   * @param baseline Taken off each reward, which is then divided by `unit`.
   */
  learn(baseline = 0, unit = 1): void {
    const { batch } = this;
    const drawn = this.replay.draw(batch, this.random);
    const states = this.inputs(drawn.map(({ state }) => state));
    const values = this.valuesOf(drawn, baseline, unit);

    const rated = this.critic.forward(
      this.withActions(states, (b) => drawn[b].action),
      batch,
    );
    const byValue = values.map((value, b) => (2 * (rated[b] - value)) / batch);
    this.critic.backward(byValue, batch, this.criticSlope);
    this.criticSteps.step(this.criticSlope);

    const actions = this.actor.forward(states, batch);
    this.critic.forward(
      this.withActions(states, (b) => actions[b]),
      batch,
    );
    const byInput = this.critic.backward(new Float64Array(batch).fill(-1 / batch), batch);
    const width = this.options.stateSize + 1;
    const byAction = Float64Array.from({ length: batch }, (_, b) => byInput[b * width + width - 1]);
    this.actor.backward(byAction, batch, this.actorSlope);
    this.actorSteps.step(this.actorSlope);

    const { follow = 0.01 } = this.options;
    approach(this.slowActor.parameters, this.actor.parameters, follow);
    approach(this.slowCritic.parameters, this.critic.parameters, follow);
  }

  /** What each transition turned out to be worth: its reward, and what the slow copies make of the state after it. */
  private valuesOf(drawn: readonly Transition[], baseline: number, unit: number): Float64Array {
    const nexts = this.inputs(drawn.map(({ next, state }) => next ?? state));
    const actions = this.slowActor.forward(nexts, this.batch);
    const after = this.slowCritic.forward(
      this.withActions(nexts, (b) => actions[b]),
      this.batch,
    );
    return Float64Array.from(drawn, ({ reward, next }, b) => {
      return (reward - baseline) / unit + (next ? this.options.discount * after[b] : 0);
    });
  }

  private actionOf(actor: Mlp, state: Float64Array): number {
    return actor.forward(this.inputs([state]), 1)[0];
  }

  /** States on one scale, `[states, stateSize]`. */
  private inputs(states: readonly Float64Array[]): Float64Array {
    const { stateSize } = this.options;
    const inputs = new Float64Array(states.length * stateSize);
    states.forEach((state, b) => this.scale.write(state, inputs, b * stateSize));
    return inputs;
  }

  /** `[batch, stateSize + 1]`. */
  private withActions(states: Float64Array, action: (b: number) => number): Float64Array {
    const { stateSize } = this.options;
    const inputs = new Float64Array(this.batch * (stateSize + 1));
    for (let b = 0; b < this.batch; b++) {
      inputs.set(states.subarray(b * stateSize, (b + 1) * stateSize), b * (stateSize + 1));
      inputs[b * (stateSize + 1) + stateSize] = 2 * action(b) - 1;
    }
    return inputs;
  }
}

function approach(slow: Float64Array, fast: Float64Array, share: number): void {
  for (let i = 0; i < slow.length; i++) slow[i] += share * (fast[i] - slow[i]);
}
