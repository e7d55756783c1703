import type { Decision, Dimension } from '../../src/engine/search/space';

/** A function to be minimized over a space. */
export interface Problem {
  readonly dimensions: readonly Dimension[];
  /** Its lowest value. */
  readonly lowest: number;
  value(decision: Decision): number;
}

/** Three minima of the same value (Branin 1972). */
export const branin: Problem = {
  dimensions: [
    { name: 'x', kind: 'float', low: -5, high: 10 },
    { name: 'y', kind: 'float', low: 0, high: 15 },
  ],
  lowest: 0.39788735772973816,
  value: (decision) => {
    const [x, y] = decision as number[];
    const bent = y - (5.1 * x * x) / (4 * Math.PI ** 2) + (5 * x) / Math.PI - 6;
    return bent * bent + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  },
};

const ALPHA = [1, 1.2, 3, 3.2];
const A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const P = [
  [1312, 1696, 5569, 124, 8283, 5886],
  [2329, 4135, 8307, 3736, 1004, 9991],
  [2348, 1451, 3522, 2883, 3047, 6650],
  [4047, 8828, 8732, 5743, 1091, 381],
];

/** Six local minima in six dimensions (Hartman 1973). */
export const hartmann6: Problem = {
  dimensions: Array.from({ length: 6 }, (_, i) => ({ name: `x${i}`, kind: 'float', low: 0, high: 1 })),
  lowest: -3.322368011415515,
  value: (decision) =>
    -ALPHA.reduce((sum, alpha, i) => {
      const distance = (decision as number[]).reduce((d, x, j) => d + A[i][j] * (x - 1e-4 * P[i][j]) ** 2, 0);
      return sum + alpha * Math.exp(-distance);
    }, 0),
};

/** Kinds of values mixed: the choice moves the bowl, the whole number has its own best. */
export const mixed: Problem = {
  dimensions: [
    { name: 'kind', kind: 'categorical', choices: ['a', 'b', 'c', 'd'] },
    { name: 'rate', kind: 'float', low: 1e-4, high: 1, log: true },
    { name: 'depth', kind: 'int', low: 1, high: 12 },
    { name: 'ratio', kind: 'float', low: 0, high: 1 },
  ],
  lowest: 0,
  value: ([kind, rate, depth, ratio]) => {
    const [wanted, offset] = { a: [-3, 1], b: [-2, 0.4], c: [-2.5, 0], d: [-1, 0.7] }[kind as 'a' | 'b' | 'c' | 'd'];
    return (
      offset +
      (Math.log10(Number(rate)) - wanted) ** 2 +
      0.05 * (Number(depth) - 7) ** 2 +
      4 * (Number(ratio) - 0.3) ** 2
    );
  },
};

/** Each choice has knobs of its own. */
export const conditional: Problem = {
  dimensions: [
    { name: 'solver', kind: 'categorical', choices: ['sgd', 'adam'] },
    { name: 'momentum', kind: 'float', low: 0, high: 1, when: { dimension: 'solver', is: ['sgd'] } },
    { name: 'beta', kind: 'float', low: 0, high: 1, when: { dimension: 'solver', is: ['adam'] } },
    { name: 'epsilon', kind: 'float', low: 1e-8, high: 1e-2, log: true, when: { dimension: 'solver', is: ['adam'] } },
    { name: 'rate', kind: 'float', low: 1e-4, high: 1, log: true },
  ],
  lowest: 0,
  value: ([solver, momentum, beta, epsilon, rate]) => {
    const log = Math.log10(Number(rate));
    if (solver === 'sgd') return (log + 1) ** 2 + 6 * (Number(momentum) - 0.9) ** 2;
    return 0.3 + (log + 3) ** 2 + 4 * (Number(beta) - 0.6) ** 2 + 0.1 * (Math.log10(Number(epsilon)) + 6) ** 2;
  },
};

export const problems = { branin, hartmann6, mixed, conditional };
