import { describe, expect, it } from 'vitest';
import { eliminationOrder, type UnitReader } from '../../../../src/engine/learners/channel/eliminate';
import { solveRidge } from '../../../../src/engine/learners/channel/least-squares';
import { Moments } from '../../../../src/engine/learners/channel/moments';
import { seededNormal } from '../../../support/seeded';

const outputs = 3;

/** A layer that reads units of two rows each, fed with correlated features. */
function reader(seed: number, units: number): UnitReader {
  const normal = seededNormal(seed);
  const size = 2 * units;
  const mixing = Float32Array.from({ length: size * size }, normal);
  const moments = new Moments(size);
  for (let n = 0; n < 200; n++) {
    const source = Array.from({ length: size }, normal);
    const row = Float32Array.from({ length: size }, (_, i) =>
      source.reduce((sum, value, k) => sum + value * mixing[k * size + i] * (1 + k / 2), 0),
    );
    moments.add(1, row);
  }
  const rowsOf = Array.from({ length: units }, (_, unit) => [unit, unit + units]);
  const weight = Float32Array.from({ length: size * outputs }, normal);
  return { covariance: moments.second(), weight, outputs, rowsOf };
}

/**
 * Squared error of the best fit by the units that are left, from the normal equations, relative to the output's energy.
 * The ridge is part of the problem: 0.001 of the mean variance.
 */
function errorOf({ covariance, weight, rowsOf }: UnitReader, kept: readonly number[]): number {
  const size = weight.length / outputs;
  const trace = Array.from({ length: size }, (_, i) => covariance[i * size + i]).reduce((a, b) => a + b);
  const lifted = covariance.map((value, i) => (i % (size + 1) === 0 ? value + (1e-3 * trace) / size : value));
  const rows = kept.flatMap((unit) => rowsOf[unit]);
  const product = (moments: Float64Array, p: number, o: number) => {
    let sum = 0;
    for (let q = 0; q < size; q++) sum += moments[p * size + q] * weight[q * outputs + o];
    return sum;
  };
  const energyBy = (moments: Float64Array) => {
    let energy = 0;
    weight.forEach((value, i) => (energy += value * product(moments, Math.floor(i / outputs), i % outputs)));
    return energy;
  };
  const block = Float64Array.from(rows.flatMap((p) => rows.map((q) => lifted[p * size + q])));
  const cross = Float64Array.from(rows.flatMap((p) => [0, 1, 2].map((o) => product(lifted, p, o))));
  const fitted = solveRidge(block, cross, rows.length, outputs, 1e-12);
  return (energyBy(lifted) - fitted.reduce((sum, value, i) => sum + value * cross[i], 0)) / energyBy(covariance);
}

/** What {@link eliminationOrder} does, with every fit solved anew. */
function slowly(readers: readonly UnitReader[], units: number, count: number): number[] {
  let kept = Array.from({ length: units }, (_, unit) => unit);
  while (kept.length > count) {
    const costs = kept.map((unit) => {
      const rest = kept.filter((other) => other !== unit);
      return readers.reduce((sum, each) => sum + errorOf(each, rest), 0);
    });
    const cheapest = kept[costs.indexOf(Math.min(...costs))];
    kept = kept.filter((unit) => unit !== cheapest);
  }
  return kept;
}

const keptOf = (readers: readonly UnitReader[], units: number, count: number) =>
  eliminationOrder(readers, units)
    .slice(units - count)
    .sort((a, b) => a - b);

describe('eliminationOrder', () => {
  it.each([1, 2, 3, 4, 5])('removes what costs least after a fit of the rest (problem %i)', (seed) => {
    const readers = [reader(seed, 7)];
    for (const count of [6, 4, 2]) expect(keptOf(readers, 7, count)).toEqual(slowly(readers, 7, count));
  });

  it('weighs all layers that read the units', () => {
    const readers = [reader(11, 6), reader(12, 6)];
    expect(keptOf(readers, 6, 3)).toEqual(slowly(readers, 6, 3));
  });

  it('orders all units when they are copies, silent, or not numbers', () => {
    const size = 4;
    const rowsOf = [[0], [1], [2], [3]];
    const weight = new Float32Array(size * outputs).fill(1);
    for (const moment of [1, 0, NaN]) {
      const covariance = new Float64Array(size * size).fill(moment);
      expect([...eliminationOrder([{ covariance, weight, outputs, rowsOf }], size)].sort()).toEqual([0, 1, 2, 3]);
    }
  });
});
