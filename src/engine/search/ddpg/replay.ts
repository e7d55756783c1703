import type { Random } from '../../graph/random';

/** One step of an episode. */
export interface Transition {
  readonly state: Float64Array;
  /** What was done, which need not be what the actor had wanted, [0, 1]. */
  readonly action: number;
  readonly reward: number;
  /** State after it; absent where the episode ended with it. */
  readonly next?: Float64Array;
}

/** The latest transitions, drawn evenly. */
export class Replay {
  private readonly kept: Transition[] = [];
  private oldest = 0;

  constructor(private readonly capacity: number) {}

  get size(): number {
    return this.kept.length;
  }

  add(transition: Transition): void {
    if (this.kept.length < this.capacity) this.kept.push(transition);
    else this.kept[this.oldest] = transition;
    this.oldest = (this.oldest + 1) % this.capacity;
  }

  /** With repetition. */
  draw(count: number, random: Random): Transition[] {
    return Array.from({ length: count }, () => this.kept[random.int(this.kept.length)]);
  }
}
