import { expect, it } from 'vitest';
import { millsRatio, normalCdf } from '../../../../src/engine/search/normal-distribution';

// Known values.
it.each([
  [0, 0.5],
  [1, 0.841344746068543],
  [-1.96, 0.02499789514822044],
  [3.6, 0.999840891409842],
  [-6, 9.86587645037698e-10],
  [-20, 2.75362411860623e-89],
])('the normal distribution at %d is %d', (z, expected) => {
  expect(Math.abs(normalCdf(z) / expected - 1)).toBeLessThan(1e-12);
});

it.each([
  [0, 1.2533141373155],
  [1, 0.655679542418799],
  [-3, 225.3348962203491],
  [10, 0.0990285964717319],
  [1e4, 9.9999999e-5],
])("the tail's ratio at %d is %d", (z, expected) => {
  expect(Math.abs(millsRatio(z) / expected - 1)).toBeLessThan(1e-9);
});
