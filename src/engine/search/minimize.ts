/** A function and its gradient at a point; Infinity where it has no value. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  /** Box that the point stays in. */
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  readonly iterations: number;
  /** Ends when no coordinate's gradient (of those that can move) is larger. */
  readonly tolerance?: number;
}

const MEMORY = 8;
const ARMIJO = 1e-4;

/**
 * A local minimum in a box by limited-memory BFGS (Nocedal 1980) on the coordinates that are not held by the box, with
 * steps projected into it (Bertsekas 1982) and halved until they descend enough.
 */
export function minimize(
  f: Differentiable,
  start: Float64Array,
  { low, high, iterations, tolerance = 1e-6 }: MinimizeOptions,
): { x: Float64Array; value: number } {
  const n = start.length;
  const project = (v: number, i: number): number => Math.min(high[i], Math.max(low[i], v));
  let x = start.map(project);
  let gradient: Float64Array = new Float64Array(n);
  let value = f(x, gradient);
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  for (let iteration = 0; iteration < iterations && Number.isFinite(value); iteration++) {
    const free = gradient.map((g, i) => ((x[i] <= low[i] && g > 0) || (x[i] >= high[i] && g < 0) ? 0 : 1));
    if (gradient.every((g, i) => Math.abs(g * free[i]) <= tolerance)) break;
    let direction = quasiNewton(gradient, free, steps, changes);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      steps.length = changes.length = 0;
      direction = gradient.map((g, i) => -g * free[i]);
      slope = dot(direction, gradient);
    }
    // Without curvature yet, a step of moderate length.
    let rate = steps.length === 0 ? Math.min(1, 0.5 / Math.sqrt(-slope)) : 1;
    const nextGradient = new Float64Array(n);
    let next = x;
    let nextValue = Infinity;
    for (let halving = 0; halving < 25; halving++, rate /= 2) {
      next = x.map((v, i) => project(v + rate * direction[i], i));
      nextValue = f(next, nextGradient);
      if (nextValue <= value + ARMIJO * dot(gradient, subtract(next, x))) break;
    }
    if (!(nextValue < value)) break;
    const step = subtract(next, x);
    const change = subtract(nextGradient, gradient);
    if (dot(step, change) > 1e-12 * dot(change, change)) {
      steps.push(step);
      changes.push(change);
      if (steps.length > MEMORY) {
        steps.shift();
        changes.shift();
      }
    }
    const gain = value - nextValue;
    [x, value, gradient] = [next, nextValue, nextGradient];
    if (gain <= 1e-12 * Math.max(1, Math.abs(value))) break;
  }
  return { x, value };
}

/** Minus the inverse Hessian's estimate times the gradient, on the free coordinates: the two-loop recursion. */
function quasiNewton(
  gradient: Float64Array,
  free: Float64Array,
  steps: readonly Float64Array[],
  changes: readonly Float64Array[],
): Float64Array {
  const q = gradient.map((g, i) => g * free[i]);
  const weights = new Float64Array(steps.length);
  for (let k = steps.length - 1; k >= 0; k--) {
    weights[k] = dot(steps[k], q) / dot(steps[k], changes[k]);
    for (let i = 0; i < q.length; i++) q[i] -= weights[k] * changes[k][i];
  }
  const last = steps.length - 1;
  const scale = last < 0 ? 1 : dot(steps[last], changes[last]) / dot(changes[last], changes[last]);
  for (let i = 0; i < q.length; i++) q[i] *= scale;
  for (let k = 0; k <= last; k++) {
    const correction = weights[k] - dot(changes[k], q) / dot(steps[k], changes[k]);
    for (let i = 0; i < q.length; i++) q[i] += correction * steps[k][i];
  }
  return q.map((v, i) => -v * free[i]);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function subtract(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((v, i) => v - b[i]);
}
