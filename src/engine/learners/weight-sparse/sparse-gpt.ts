import { cholesky, invert } from '../channel/least-squares';
import type { Pattern } from './pattern';

/** Share of the mean variance added to the diagonal (Frantar & Alistarh 2023). */
const RIDGE = 1e-2;
/** Rows whose zeros are chosen together. */
const BLOCK = 128;
/** Rows that mend each other: the time grows with their cube, so a layer with more is taken in spans. */
const SPAN = 1024;

/**
 * The optimal brain surgeon in one sweep over the rows of a weight (Frantar & Alistarh 2023, "SparseGPT"): what a zero
 * changes in the layer's output is mended with the rows that come after. With `C^-1 = U' U`, removing `w_jo` costs
 * `(w_jo / U_jj)^2 / 2`, and takes `w_jo / U_jj * U_jk` from each later row k.
 *
 * @param weight Row-major `[size, outputs]`; changed in place.
 * @param covariance Second moments C of the layer's inputs, row-major `[size, size]`.
 * @param zeros How many: a share, or a pattern along the rows.
 * @param fixed Entries that have to become zero: not 0 in this array.
 */
export function sparsify(
  weight: Float32Array,
  covariance: Float64Array,
  zeros: { readonly sparsity: number } | Pattern,
  fixed?: Uint8Array,
): void {
  const size = Math.sqrt(covariance.length);
  const outputs = weight.length / size;
  for (let from = 0; from < size; from += SPAN) {
    const to = Math.min(from + SPAN, size);
    const [first, last] = [from * outputs, to * outputs];
    const within = principalBlock(covariance, size, from, to);
    sweep(weight.subarray(first, last), within, outputs, zeros, fixed?.subarray(first, last));
  }
}

function principalBlock(matrix: Float64Array, size: number, from: number, to: number): Float64Array {
  if (to - from === size) return matrix;
  const block = new Float64Array((to - from) ** 2);
  for (let row = from; row < to; row++) {
    block.set(matrix.subarray(row * size + from, row * size + to), (row - from) * (to - from));
  }
  return block;
}

function sweep(
  weight: Float32Array,
  covariance: Float64Array,
  outputs: number,
  zeros: { readonly sparsity: number } | Pattern,
  fixed?: Uint8Array,
): void {
  const size = weight.length / outputs;
  const lower = cholesky(invert(covariance, size, RIDGE), size, 0);
  const block = 'group' in zeros ? zeros.group : BLOCK;
  for (let begin = 0; begin < size; begin += block) {
    const end = Math.min(begin + block, size);
    const costs = new Float64Array((end - begin) * outputs);
    for (let i = 0; i < costs.length; i++) {
      const at = begin * outputs + i;
      const row = begin + Math.floor(i / outputs);
      costs[i] = fixed?.[at] ? -1 : (weight[at] / lower[row * size + row]) ** 2;
    }
    const removed = 'group' in zeros ? byPattern(costs, outputs, zeros) : byShare(costs, begin, end, outputs, zeros);
    for (let row = begin; row < end; row++) removeFromRow(weight, lower, size, outputs, row, removed, begin);
  }
}

function removeFromRow(
  weight: Float32Array,
  lower: Float64Array,
  size: number,
  outputs: number,
  row: number,
  removed: Uint8Array,
  begin: number,
): void {
  const errors = new Float64Array(outputs);
  for (let o = 0; o < outputs; o++) {
    if (!removed[(row - begin) * outputs + o]) continue;
    errors[o] = weight[row * outputs + o] / lower[row * size + row];
    weight[row * outputs + o] = 0;
  }
  for (let later = row + 1; later < size; later++) {
    const factor = lower[later * size + row];
    if (factor === 0) continue;
    for (let o = 0; o < outputs; o++) weight[later * outputs + o] -= factor * errors[o];
  }
}

/** The cheapest of a block, as many as bring the rows up to its end to the sparsity. */
function byShare(
  costs: Float64Array,
  begin: number,
  end: number,
  outputs: number,
  { sparsity }: { readonly sparsity: number },
): Uint8Array {
  const wanted = Math.round(sparsity * end * outputs) - Math.round(sparsity * begin * outputs);
  const count = Math.max(wanted, costs.filter((cost) => cost < 0).length);
  const removed = new Uint8Array(costs.length);
  const order = Uint32Array.from(costs.keys()).sort((a, b) => costs[a] - costs[b]);
  for (const i of order.subarray(0, count)) removed[i] = 1;
  return removed;
}

/** All but the dearest `keep` of each column. */
function byPattern(costs: Float64Array, outputs: number, { keep }: Pattern): Uint8Array {
  const removed = new Uint8Array(costs.length);
  for (let output = 0; output < outputs; output++) {
    const column = Array.from({ length: costs.length / outputs }, (_, i) => i * outputs + output);
    column.sort((a, b) => costs[a] - costs[b]);
    for (const i of column.slice(0, column.length - keep)) removed[i] = 1;
    for (const i of column) if (costs[i] < 0) removed[i] = 1;
  }
  return removed;
}
