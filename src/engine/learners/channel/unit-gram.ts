import type { Gram } from './lasso';

/**
 * Gram matrix of what each unit contributes to a layer's output. With patches P `[n, size]` and weights W
 * `[size, outputs]`, unit u contributes `Z_u = P_u W_u` over its rows; then `<Z_u, Z_v> = sum over rows p of u, q of v
 * of (P'P)_pq (W W')_pq`, so the contributions themselves are never formed.
 *
 * @param covariance `P'P / n`, row-major `[size, size]`.
 * @param weight W, row-major `[size, outputs]`.
 * @param rowsOf For each unit the rows of W that read it.
 */
export function unitGram(
  covariance: Float64Array,
  weight: Float32Array,
  outputs: number,
  rowsOf: readonly (readonly number[])[],
): Gram {
  const size = weight.length / outputs;
  const units = rowsOf.length;
  const unitOf = new Int32Array(size).fill(-1);
  rowsOf.forEach((rows, unit) => rows.forEach((row) => (unitOf[row] = unit)));
  const values = new Float64Array(units * units);
  for (let p = 0; p < size; p++) {
    if (unitOf[p] < 0) continue;
    for (let q = 0; q <= p; q++) {
      const moment = covariance[p * size + q];
      if (unitOf[q] < 0 || moment === 0) continue;
      let dot = 0;
      for (let o = 0; o < outputs; o++) dot += weight[p * outputs + o] * weight[q * outputs + o];
      values[unitOf[p] * units + unitOf[q]] += dot * moment;
      if (p !== q) values[unitOf[q] * units + unitOf[p]] += dot * moment;
    }
  }
  return { size: units, values };
}

/**
 * Adds Gram matrices of several layers that read the same units, each divided by the energy of its own output so
 * that a layer with large activations does not drown the others.
 */
export function addGrams(grams: readonly Gram[]): Gram {
  const size = grams[0].size;
  const values = new Float64Array(size * size);
  for (const gram of grams) {
    const energy = gram.values.reduce((sum, value) => sum + value, 0);
    if (energy <= 0) continue;
    for (let i = 0; i < values.length; i++) values[i] += gram.values[i] / energy;
  }
  return { size, values };
}

/** `<Z_u, Y>` for the layer's own output `Y = sum of all Z`: the row sums of the Gram matrix. */
export function ownTarget(gram: Gram): Float64Array {
  const { size, values } = gram;
  const target = new Float64Array(size);
  for (let u = 0; u < size; u++) for (let v = 0; v < size; v++) target[u] += values[u * size + v];
  return target;
}
