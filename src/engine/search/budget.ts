import type { Decision, Space } from './space';

/** What decisions may cost, so that a search keeps to it by construction and never by luck. */
export interface Budget {
  /** Most that a decision may cost. */
  readonly limit: number;
  /** What a decision costs. It never falls when a dimension moves away from its frugal end. Called often: keep it quick. */
  cost(decision: Decision): number;
  /** For each dimension the end of its range that costs least; undefined for one that costs nothing. */
  readonly frugal: readonly ('low' | 'high' | undefined)[];
}

/** Unit coordinate of a dimension's cheap end. */
export function frugalEnd(budget: Budget, index: number): number {
  return budget.frugal[index] === 'high' ? 1 : 0;
}

const BISECTIONS = 30;

/**
 * The decision that comes nearest to `decision` and spends the budget without going beyond: every dimension that costs
 * moves by the same share of its way to the cheap end, or to the dear one where there is something left. What whole steps
 * then leave over goes to the dimensions that rounding cost most, a step each, for as long as one can be paid for.
 * @throws Error when even the cheapest decision costs too much.
 */
export function fitToBudget(space: Space, budget: Budget, decision: Decision): Decision {
  const wanted = space.encode(decision);
  const scaled = (s: number): Float64Array => wanted.map((unit, i) => scale(unit, s, budget, i));
  const fits = (units: Float64Array): boolean => budget.cost(space.decode(units)) <= budget.limit;
  if (fits(scaled(2))) return space.decode(scaled(2));
  let [low, high] = [0, 2];
  if (!fits(scaled(0))) throw new Error('even the cheapest decision of this search costs more than its budget');
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (fits(scaled(middle))) low = middle;
    else high = middle;
  }
  return useRest(space, budget, scaled(low));
}

/** `s` in [0, 1] goes from the cheap end to the coordinate, [1, 2] from there to the dear end. */
function scale(unit: number, s: number, budget: Budget, index: number): number {
  if (budget.frugal[index] === undefined || Number.isNaN(unit)) return unit;
  const cheap = frugalEnd(budget, index);
  return s <= 1 ? cheap + s * (unit - cheap) : unit + (s - 1) * (1 - cheap - unit);
}

function useRest(space: Space, budget: Budget, units: Float64Array): Decision {
  let best = space.decode(units);
  const dims = [...units.keys()].filter((i) => budget.frugal[i] !== undefined && Number.isFinite(space.cells(i)));
  const towardsDear = (i: number): number => 1 - 2 * frugalEnd(budget, i);
  for (let going = true; going;) {
    going = false;
    const rounded = space.encode(best);
    const loss = (i: number): number => (units[i] - rounded[i]) * towardsDear(i);
    const active = dims.filter((i) => !Number.isNaN(rounded[i]));
    for (const i of active.sort((a, b) => loss(b) - loss(a))) {
      const unit = rounded[i] + towardsDear(i) / space.cells(i);
      if (unit < 0 || unit > 1) continue;
      const more = best.map((value, k) => (k === i ? space.valueAt(i, unit) : value));
      if (budget.cost(more) > budget.limit) continue;
      best = more;
      going = true;
    }
  }
  return best;
}
