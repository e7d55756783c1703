import type { SearchDimension } from '../../runs/trial';

/** What a search chooses from: named dimensions, some of which may only count under a condition. */
export type Value = number | string | boolean;

/** A value for each dimension, in the space's order; null where a condition leaves the dimension out. */
export type Decision = readonly (Value | null)[];

interface DimensionBase {
  /** Unique in its space. */
  readonly name: string;
  /** Layer that it decides for; absent for a knob of the whole. */
  readonly layer?: string;
  /** What is known of what it decides for, the same quantities for each dimension; for samplers that learn across them. */
  readonly features?: readonly number[];
  /** Counts only while an earlier dimension has one of these values. */
  readonly when?: { readonly dimension: string; readonly is: readonly Value[] };
}
export interface FloatDimension extends DimensionBase {
  readonly kind: 'float';
  readonly low: number;
  readonly high: number;
  /** Equal ratios count alike, instead of equal differences. Not together with `step`. */
  readonly log?: boolean;
  /** Only `low`, `low + step`, ... and `high` itself. */
  readonly step?: number;
}
export interface IntDimension extends DimensionBase {
  readonly kind: 'int';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
}
export interface CategoricalDimension extends DimensionBase {
  readonly kind: 'categorical';
  readonly choices: readonly Value[];
}
export type Dimension = FloatDimension | IntDimension | CategoricalDimension;

/**
 * A space, seen by samplers through unit coordinates: each numeric dimension becomes [0, 1], on which its values lie
 * evenly (whole numbers in the middle of cells of one width); of a categorical one the coordinate is the choice's index.
 * A dimension that is left out has the coordinate NaN.
 */
export class Space {
  private readonly indexOf: ReadonlyMap<string, number>;
  private readonly axes: readonly (Axis | undefined)[];

  /** @throws Error when a dimension is not well formed. */
  constructor(readonly dimensions: readonly Dimension[]) {
    this.indexOf = new Map(dimensions.map(({ name }, index) => [name, index]));
    if (this.indexOf.size !== dimensions.length) throw new Error('two dimensions of a search space have one name');
    dimensions.forEach((dimension, index) => this.check(dimension, index));
    this.axes = dimensions.map(axisOf);
  }

  get size(): number {
    return this.dimensions.length;
  }

  /** Whether dimension `index` counts, given the values of those before it. */
  isActive(index: number, decision: Decision): boolean {
    const { when } = this.dimensions[index];
    if (!when) return true;
    const value = decision[this.indexOf.get(when.dimension) ?? -1];
    return value !== null && value !== undefined && when.is.includes(value);
  }

  /** Values that a dimension can take; Infinity for a continuous one. */
  cells(index: number): number {
    const dimension = this.dimensions[index];
    return dimension.kind === 'categorical' ? dimension.choices.length : (this.axes[index]?.cells ?? Infinity);
  }

  encode(decision: Decision): Float64Array {
    return Float64Array.from(decision, (value, index) => {
      if (value === null) return NaN;
      const dimension = this.dimensions[index];
      if (dimension.kind === 'categorical') return dimension.choices.indexOf(value);
      return this.axes[index]?.toUnit(Number(value)) ?? NaN;
    });
  }

  /** The nearest decision. Coordinates beyond [0, 1] count as its ends; those that conditions leave out are not read. */
  decode(units: ArrayLike<number>): Decision {
    const decision: (Value | null)[] = [];
    for (let index = 0; index < this.size; index++) {
      decision.push(this.isActive(index, decision) ? this.valueAt(index, units[index]) : null);
    }
    return decision;
  }

  /** The value of dimension `index` nearest to a coordinate. */
  valueAt(index: number, unit: number): Value {
    const dimension = this.dimensions[index];
    if (dimension.kind !== 'categorical') return this.axes[index]?.fromUnit(clamp(unit)) ?? dimension.low;
    const last = dimension.choices.length - 1;
    return dimension.choices[Math.min(last, Math.max(0, Math.round(Number.isNaN(unit) ? 0 : unit)))];
  }

  /** The dimensions as the journal tells them. */
  describe(): SearchDimension[] {
    return this.dimensions.map((dimension) => ({
      name: dimension.name,
      kind: dimension.kind,
      ...(dimension.kind === 'categorical'
        ? { choices: [...dimension.choices] }
        : { low: dimension.low, high: dimension.high, ...(dimension.log && { log: true }) }),
      ...(dimension.layer !== undefined && { layer: dimension.layer }),
    }));
  }

  private check(dimension: Dimension, index: number): void {
    const wrong = (what: string): Error => new Error(`search dimension "${dimension.name}" ${what}`);
    if (dimension.kind === 'categorical') {
      if (dimension.choices.length === 0) throw wrong('has no choices');
    } else {
      const { low, high, log } = dimension;
      if (!(low <= high)) throw wrong(`has the range ${low} to ${high}`);
      if (log && low <= 0) throw wrong('is logarithmic, which needs a range above 0');
      if (dimension.kind === 'int' && !(Number.isInteger(low) && Number.isInteger(high))) {
        throw wrong('is whole, and its range is not');
      }
      if (dimension.kind === 'float' && dimension.step !== undefined && (dimension.step <= 0 || log)) {
        throw wrong('has a step, which must be above 0 and goes with a linear range only');
      }
    }
    const parent = dimension.when && this.indexOf.get(dimension.when.dimension);
    if (dimension.when && (parent === undefined || parent >= index)) {
      throw wrong(`depends on "${dimension.when.dimension}", which does not come before it`);
    }
  }
}

interface Axis {
  /** Values on it; absent for a continuous one. */
  readonly cells?: number;
  toUnit(value: number): number;
  fromUnit(unit: number): number;
}

function axisOf(dimension: Dimension): Axis | undefined {
  if (dimension.kind === 'categorical') return undefined;
  const { low, high } = dimension;
  if (low === high) return { cells: 1, toUnit: () => 0.5, fromUnit: () => low };
  if (dimension.kind === 'float') {
    if (dimension.step !== undefined) return grid(low, high, dimension.step);
    return dimension.log ? logAxis(low, high) : linearAxis(low, high);
  }
  if (!dimension.log) return grid(low, high, 1);
  const axis = logAxis(low - 0.5, high + 0.5);
  const whole = (value: number): number => Math.min(high, Math.max(low, Math.round(value)));
  return { cells: high - low + 1, toUnit: axis.toUnit, fromUnit: (unit) => whole(axis.fromUnit(unit)) };
}

function linearAxis(low: number, high: number): Axis {
  return { toUnit: (value) => (value - low) / (high - low), fromUnit: (unit) => low + unit * (high - low) };
}

function logAxis(low: number, high: number): Axis {
  const { toUnit, fromUnit } = linearAxis(Math.log(low), Math.log(high));
  return {
    toUnit: (value) => toUnit(Math.log(value)),
    fromUnit: (unit) => Math.min(high, Math.max(low, Math.exp(fromUnit(unit)))),
  };
}

function grid(low: number, high: number, step: number): Axis {
  // Rounding must not make a last cell of its own.
  const cells = Math.ceil((high - low) / step - 1e-9) + 1;
  // The last step may be a shorter one.
  const last = (low + (cells - 2) * step + high) / 2;
  const cellOf = (value: number): number => (value > last ? cells - 1 : Math.round((value - low) / step - 1e-9));
  return {
    cells,
    toUnit: (value) => (cellOf(value) + 0.5) / cells,
    fromUnit: (unit) => Math.min(high, low + Math.min(cells - 1, Math.floor(unit * cells)) * step),
  };
}

function clamp(unit: number): number {
  return unit >= 0 ? Math.min(unit, 1) : 0;
}
