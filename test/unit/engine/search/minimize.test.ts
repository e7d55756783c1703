import { describe, expect, it } from 'vitest';
import { minimize } from '../../../../src/engine/search/minimize';

/** Rosenbrock 1960: a bent valley with its minimum at (1, 1). */
function rosenbrock(x: Float64Array, gradient: Float64Array): number {
  const [a, b] = [1 - x[0], x[1] - x[0] * x[0]];
  gradient[0] = -2 * a - 400 * x[0] * b;
  gradient[1] = 200 * b;
  return a * a + 100 * b * b;
}

describe('minimize', () => {
  it('finds the bottom of a bent valley', () => {
    const { x } = minimize(rosenbrock, Float64Array.of(-1.2, 1), { low: [-5, -5], high: [5, 5], iterations: 200 });
    expect(x[0]).toBeCloseTo(1, 4);
    expect(x[1]).toBeCloseTo(1, 4);
  });

  it('stays in its box, and goes along its walls', () => {
    const { x } = minimize(rosenbrock, Float64Array.of(-1.2, 1), { low: [-5, -5], high: [0.5, 5], iterations: 200 });
    expect(x[0]).toBe(0.5);
    expect(x[1]).toBeCloseTo(0.25, 4);
  });
});
