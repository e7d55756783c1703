import { z } from 'zod';
import { decision } from '../../runs/trial';
import type { Sampler, Told } from './sampler';
import type { Decision, Space } from './space';

const savedState = z.object({
  sampler: z.string(),
  told: z.array(z.object({ decision, reward: z.number().optional() })),
});

/** A sampler whose state is what it was told, in that order, and nothing else. */
export abstract class HistorySampler implements Sampler {
  abstract readonly name: string;
  private told: Told[] = [];
  /** Unit coordinates of what was told. */
  protected points: Float64Array[] = [];

  constructor(
    protected readonly space: Space,
    protected readonly seed: number,
  ) {}

  abstract ask(trial: number, pending?: readonly Decision[]): Decision;

  tell({ decision, reward }: Told): void {
    // JSON has no NaN: a reward that is no number is none.
    const counts = reward !== undefined && Number.isFinite(reward);
    this.told.push(counts ? { decision, reward } : { decision });
    this.points.push(this.space.encode(decision));
  }

  state(): unknown {
    return { sampler: this.name, told: this.told };
  }

  restore(state: unknown): void {
    const saved = savedState.safeParse(state);
    if (!saved.success || saved.data.sampler !== this.name) {
      throw new Error(`this is not the state of a ${this.name} sampler`);
    }
    if (saved.data.told.some(({ decision }) => decision.length !== this.space.size)) {
      throw new Error(`the ${this.name} sampler's state is for a space of another size`);
    }
    this.told = [];
    this.points = [];
    for (const told of saved.data.told) this.tell(told);
  }

  /** Of each telling; one that failed counts as the worst of them. */
  protected rewards(): Float64Array {
    const known = this.told.flatMap(({ reward }) => (reward === undefined ? [] : [reward]));
    const worst = known.reduce((a, b) => Math.min(a, b), known[0] ?? 0);
    return Float64Array.from(this.told, ({ reward }) => reward ?? worst);
  }
}
