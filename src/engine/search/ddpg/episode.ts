import { frugalEnd, type Budget } from '../budget';
import type { Space } from '../space';

const BISECTIONS = 24;

/**
 * A decision as an episode (AMC, He et al. 2018, section 3.1): one step a dimension, in the space's order, each with an action in
 * [0, 1] where 1 spends most. The state before a step is what is known of the dimension, the share of the cost that is saved so
 * far, the share that can still be saved, and the action before. Actions are bounded both ways, so that the budget can be kept by
 * what comes after, and can be spent by it.
 */
export class Episode {
  readonly stateSize: number;
  private readonly known: readonly (readonly number[])[];
  private readonly most: number;

  constructor(
    private readonly space: Space,
    private readonly budget?: Budget,
  ) {
    this.known = scaled(space.dimensions.map(({ features = [] }) => features));
    this.stateSize = 4 + (this.known[0]?.length ?? 0);
    this.most = this.costWith(this.empty(), 0, 1) || 1;
  }

  /** Unit coordinates before the first step. */
  empty(): Float64Array {
    return new Float64Array(this.space.size).fill(NaN);
  }

  /** Whether step `i` is taken, given the coordinates before it. */
  counts(i: number, units: Float64Array): boolean {
    return this.space.isActive(i, this.space.decode(units));
  }

  /** @param units Those before `i` are decided. */
  state(i: number, units: Float64Array): Float64Array {
    const dear = this.costWith(units, i, 1);
    const before = i > 0 ? this.action(i - 1, units[i - 1]) : 0;
    return Float64Array.of(
      i / Math.max(this.space.size - 1, 1),
      1 - dear / this.most,
      (dear - this.costWith(units, i, 0)) / this.most,
      Number.isNaN(before) ? 0 : before,
      ...this.known[i],
    );
  }

  /** The coordinate of an action, bounded so that the budget is kept, and spent where that is possible. */
  unit(i: number, units: Float64Array, action: number): number {
    const wanted = this.coordinate(i, action);
    const { budget } = this;
    if (!budget || budget.frugal[i] === undefined) return wanted;
    const costOf = (share: number, rest: 0 | 1): number => {
      const changed = units.slice();
      changed[i] = this.coordinate(i, share);
      return this.costWith(changed, i + 1, rest);
    };
    const { limit } = budget;
    if (costOf(action, 0) > limit)
      return this.coordinate(
        i,
        edge(0, action, (share) => costOf(share, 0) <= limit),
      );
    if (costOf(action, 1) < limit)
      return this.coordinate(
        i,
        edge(action, 1, (share) => costOf(share, 1) <= limit),
      );
    return this.coordinate(
      i,
      edge(1, action, (share) => costOf(share, 1) >= limit),
    );
    return wanted;
  }

  /** What an actor would have to do for a coordinate; NaN where the dimension is left out. */
  action(i: number, unit: number): number {
    const dimension = this.space.dimensions[i];
    if (dimension.kind === 'categorical') return (unit + 0.5) / dimension.choices.length;
    return this.isFlipped(i) ? 1 - unit : unit;
  }

  private coordinate(i: number, action: number): number {
    const dimension = this.space.dimensions[i];
    if (dimension.kind !== 'categorical') return this.isFlipped(i) ? 1 - action : action;
    return Math.min(dimension.choices.length - 1, Math.floor(action * dimension.choices.length));
  }

  private isFlipped(i: number): boolean {
    return this.budget !== undefined && frugalEnd(this.budget, i) === 1;
  }

  /** Cost with the dimensions from `from` on at their cheap end (0) or at their dear one (1). */
  private costWith(units: Float64Array, from: number, end: 0 | 1): number {
    if (!this.budget) return 0;
    return this.budget.cost(this.space.decode(units.map((unit, i) => (i < from ? unit : this.coordinate(i, end)))));
  }
}

/** The last point on the way from `good`, where it holds, to `bad`, to within rounding. */
function edge(good: number, bad: number, holds: (share: number) => boolean): number {
  let [inside, outside] = [good, bad];
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (inside + outside) / 2;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** Each feature over all dimensions on [0, 1]; one that never differs is 0. */
function scaled(features: readonly (readonly number[])[]): number[][] {
  const width = Math.max(0, ...features.map(({ length }) => length));
  const ranges = Array.from({ length: width }, (_, f) => {
    const values = features.map((own) => own[f] ?? 0);
    const low = Math.min(...values);
    return { low, span: Math.max(...values) - low };
  });
  return features.map((own) => ranges.map(({ low, span }, f) => (span > 0 ? ((own[f] ?? 0) - low) / span : 0)));
}
