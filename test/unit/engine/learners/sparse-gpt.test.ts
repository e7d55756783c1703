import { describe, expect, it } from 'vitest';
import { Moments } from '../../../../src/engine/learners/channel/moments';
import { sparsify } from '../../../../src/engine/learners/weight-sparse/sparse-gpt';
import { seededNormal } from '../../../support/seeded';

const [size, outputs, n] = [12, 5, 300];
const normal = seededNormal(3);
const mixing = Float32Array.from({ length: size * size }, normal);
const moments = new Moments(size);
for (let i = 0; i < n; i++) {
  const source = Array.from({ length: size }, normal);
  moments.add(
    1,
    Float32Array.from({ length: size }, (_, c) => source.reduce((sum, v, k) => sum + v * mixing[k * size + c], 0)),
  );
}
const covariance = moments.second();
const original = Float32Array.from({ length: size * outputs }, normal);
const zerosOf = (weight: Float32Array) => weight.filter((value) => value === 0).length;

/** `tr(D' C D)` for the change D: the squared error of the output. */
function errorOf(weight: Float32Array): number {
  let error = 0;
  for (let o = 0; o < outputs; o++) {
    for (let p = 0; p < size; p++) {
      for (let q = 0; q < size; q++) {
        const [dp, dq] = [p, q].map((row) => weight[row * outputs + o] - original[row * outputs + o]);
        error += dp * dq * covariance[p * size + q];
      }
    }
  }
  return error;
}

describe('sparsify', () => {
  it.each([0.25, 0.5, 0.75])('leaves less error than the smallest weights set to zero, sparsity %f', (sparsity) => {
    const mended = original.slice();
    sparsify(mended, covariance, { sparsity });
    expect(zerosOf(mended)).toBe(Math.round(sparsity * size * outputs));
    const threshold = original.map(Math.abs).sort()[zerosOf(mended)];
    const cut = original.map((value) => (Math.abs(value) < threshold ? 0 : value));
    expect(errorOf(mended)).toBeLessThan(0.85 * errorOf(cut));
  });

  it('takes the smallest weights, and changes no other, when inputs are independent', () => {
    const identity = new Float64Array(size * size);
    for (let i = 0; i < size; i++) identity[i * size + i] = 1;
    const weight = original.slice();
    sparsify(weight, identity, { sparsity: 0.5 });
    const threshold = original.map(Math.abs).sort()[weight.length / 2];
    expect([...weight]).toEqual([...original].map((value) => (Math.abs(value) < threshold ? 0 : value)));
  });

  it('mends what a zero in the first row costs as least squares would', () => {
    const weight = original.slice();
    const fixed = new Uint8Array(weight.length);
    fixed.fill(1, 0, outputs);
    sparsify(weight, covariance, { sparsity: 0 }, fixed);
    expect(zerosOf(weight)).toBe(outputs);
    // At a minimum under the ridge, C D is zero in every row that may change, but for the ridge's own pull.
    const best = errorOf(weight);
    for (let row = 1; row < size; row++) {
      for (const step of [0.2, -0.2]) {
        const moved = weight.slice();
        moved[row * outputs] += step;
        expect(errorOf(moved)).toBeGreaterThan(best);
      }
    }
  });

  it('keeps as many of each group as the pattern says', () => {
    const weight = original.slice();
    sparsify(weight, covariance, { keep: 2, group: 4 });
    for (let o = 0; o < outputs; o++) {
      for (let row = 0; row < size; row += 4) {
        const zeros = [0, 1, 2, 3].filter((i) => weight[(row + i) * outputs + o] === 0);
        expect(zeros).toHaveLength(2);
      }
    }
  });
});

it('takes a layer with many rows in spans, each with its share of zeros', () => {
  const rows = 1500;
  const identity = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) identity[i * rows + i] = 1;
  const weight = Float32Array.from({ length: rows }, normal);
  const before = weight.slice();
  sparsify(weight, identity, { sparsity: 0.5 });
  expect(zerosOf(weight.subarray(0, 1024))).toBe(512);
  expect(zerosOf(weight)).toBe(750);
  weight.forEach((value, i) => expect(value === 0 || value === before[i]).toBe(true));
});
