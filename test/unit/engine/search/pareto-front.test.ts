import { expect, it } from 'vitest';
import { paretoFront } from '../../../../src/engine/search/pareto-front';

it('keeps the trials that none beats in accuracy and cost, the cheapest first', () => {
  const trials = [
    { trial: 0, accuracy: 90, cost: 5 },
    { trial: 1, accuracy: 95, cost: 8 },
    { trial: 2, accuracy: 94, cost: 9 },
    { trial: 3, accuracy: 80, cost: 2 },
    { trial: 4, accuracy: 90, cost: 5 },
    { trial: 5, accuracy: 79, cost: 3 },
  ];
  expect(paretoFront(trials)).toEqual([3, 0, 1]);
});
