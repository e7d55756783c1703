import type { Random } from '../../src/engine/graph/random';

/** Seconds a step, and steps an episode. */
const [STEP, STEPS] = [0.05, 200];
const [GRAVITY, MASS, LENGTH, MOST_TORQUE, MOST_SPEED] = [10, 1, 1, 2, 8];

/**
 * The pendulum that is swung up and held there, with the equations, limits and rewards of Gymnasium's Pendulum-v1. An episode never
 * ends by itself; a return of -200 is that of a policy that swings it up and holds it.
 */
export class Pendulum {
  private angle = 0;
  private speed = 0;
  private steps = 0;

  constructor(private readonly random: Random) {}

  reset(): Float64Array {
    this.angle = Math.PI * (2 * this.random.uniform() - 1);
    this.speed = 2 * this.random.uniform() - 1;
    this.steps = 0;
    return this.state();
  }

  /** @param action [0, 1], from the most torque one way to the most the other way. */
  step(action: number): { readonly state: Float64Array; readonly reward: number; readonly over: boolean } {
    const torque = MOST_TORQUE * (2 * action - 1);
    const angle = wrapped(this.angle);
    const reward = -(angle ** 2 + 0.1 * this.speed ** 2 + 0.001 * torque ** 2);
    const push = ((3 * GRAVITY) / (2 * LENGTH)) * Math.sin(this.angle) + (3 / (MASS * LENGTH ** 2)) * torque;
    this.speed = Math.max(-MOST_SPEED, Math.min(MOST_SPEED, this.speed + push * STEP));
    this.angle += this.speed * STEP;
    return { state: this.state(), reward, over: ++this.steps >= STEPS };
  }

  private state(): Float64Array {
    return Float64Array.of(Math.cos(this.angle), Math.sin(this.angle), this.speed);
  }
}

/** The same angle in [-pi, pi]. */
function wrapped(angle: number): number {
  return angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
}
