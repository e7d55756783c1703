import { describe, expect, it } from 'vitest';
import { slotNames, update } from '../../../../src/engine/runtime/update-rules';
import type { Optimizer } from '../../../../src/engine/training/optimizer';

const gradients = [0.5, -0.25, 1];
const context = { learningRate: 0.1, decay: 0.01, scale: 1 };

/** A number under three updates, at the given decay. */
function threeUpdates(optimizer: Optimizer, { decay, scale } = context): number {
  const value = Float32Array.from([2]);
  const slots = slotNames(optimizer).map(() => new Float32Array(1));
  gradients.forEach((gradient, i) => {
    update(optimizer, value, Float32Array.from([gradient]), slots, { ...context, decay, scale, time: i + 1 });
  });
  return value[0];
}

describe('update rules', () => {
  it('SGD goes down the gradient and the decay', () => {
    let x = 2;
    for (const g of gradients) x -= 0.1 * (g + 0.01 * x);
    expect(threeUpdates({ kind: 'sgd', momentum: 0, nesterov: false })).toBeCloseTo(x, 6);
  });

  it('momentum gathers the past; the learning rate stays outside', () => {
    let [x, v] = [2, 0];
    for (const g of gradients) {
      v = 0.9 * v + g + 0.01 * x;
      x -= 0.1 * v;
    }
    expect(threeUpdates({ kind: 'sgd', momentum: 0.9, nesterov: false })).toBeCloseTo(x, 6);
  });

  it('Nesterov looks one step ahead', () => {
    let [x, v] = [2, 0];
    for (const g of gradients) {
      const slope = g + 0.01 * x;
      v = 0.9 * v + slope;
      x -= 0.1 * (slope + 0.9 * v);
    }
    expect(threeUpdates({ kind: 'sgd', momentum: 0.9, nesterov: true })).toBeCloseTo(x, 6);
  });

  it.each(['adam', 'adamw'] as const)('%s follows its paper, decay coupled or not', (kind) => {
    let [x, m, v] = [2, 0, 0];
    gradients.forEach((g, i) => {
      const slope = kind === 'adam' ? g + 0.01 * x : g;
      if (kind === 'adamw') x -= 0.1 * 0.01 * x;
      m = 0.9 * m + 0.1 * slope;
      v = 0.99 * v + 0.01 * slope ** 2;
      x -= (0.1 * (m / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(v / (1 - 0.99 ** (i + 1))) + 1e-8);
    });
    expect(threeUpdates({ kind, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 })).toBeCloseTo(x, 6);
  });

  it('clipping scales the gradient, not the decay', () => {
    let x = 2;
    for (const g of gradients) x -= 0.1 * (0.5 * g + 0.01 * x);
    const clipped = { ...context, scale: 0.5 };
    expect(threeUpdates({ kind: 'sgd', momentum: 0, nesterov: false }, clipped)).toBeCloseTo(x, 6);
  });
});
