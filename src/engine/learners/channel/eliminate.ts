import { invert } from './least-squares';

/** A layer that reads the units to choose from. */
export interface UnitReader {
  /** Second moments of its input patches, row-major `[size, size]`. */
  readonly covariance: Float64Array;
  /** `[size, outputs]`, row-major. */
  readonly weight: Float32Array;
  readonly outputs: number;
  /** For each unit the rows that it fills. */
  readonly rowsOf: readonly (readonly number[])[];
}

/** Share of the mean variance added to the diagonal. */
const RIDGE = 1e-3;

/**
 * The units in the order in which they go when always the one is removed whose loss the others can make good best: the
 * optimal brain surgeon (Hassibi & Stork 1993) on whole channels (Kurtic et al. 2023, "ZipLM", section 3). What removing
 * the rows R of a unit costs after the least-squares fit of all others is `tr(W_R' A W_R)` with `A = inverse((C^-1)_RR)`;
 * the weights and `C^-1` are brought up to date after each removal. Costs of several readers count relative to the
 * energy of each one's output. Whatever the number to keep, the order is the same.
 */
export function eliminationOrder(readers: readonly UnitReader[], units: number): readonly number[] {
  const fits = readers.map((reader) => new Fit(reader));
  const left = new Set(Array.from({ length: units }, (_, unit) => unit));
  const order: number[] = [];
  while (left.size > 1) {
    let cheapest = -1;
    let least = Infinity;
    for (const unit of left) {
      const cost = fits.reduce((sum, fit) => sum + fit.costOf(unit), 0);
      if (cost < least) [least, cheapest] = [cost, unit];
    }
    // Costs that are not numbers compare with nothing: any unit will do then.
    if (cheapest < 0) [cheapest] = left;
    for (const fit of fits) fit.remove(cheapest);
    left.delete(cheapest);
    order.push(cheapest);
  }
  return [...order, ...left];
}

/** A reader's weights fitted to the units that are left, and the inverse of what they are fitted to. */
class Fit {
  private readonly weight: Float64Array;
  private readonly inverse: Float64Array;
  private readonly energy: number;
  private readonly size: number;

  constructor(private readonly reader: UnitReader) {
    const { covariance, weight, outputs } = reader;
    this.size = weight.length / outputs;
    this.weight = Float64Array.from(weight);
    this.inverse = invert(covariance, this.size, RIDGE);
    this.energy = outputEnergy(reader, this.size) || 1;
  }

  costOf(unit: number): number {
    const rows = this.reader.rowsOf[unit];
    const { outputs } = this.reader;
    const precision = this.precisionOf(rows);
    let cost = 0;
    rows.forEach((p, i) => {
      rows.forEach((q, j) => {
        const factor = precision[i * rows.length + j];
        let dot = 0;
        for (let o = 0; o < outputs; o++) dot += this.weight[p * outputs + o] * this.weight[q * outputs + o];
        cost += factor * dot;
      });
    });
    return cost / this.energy;
  }

  remove(unit: number): void {
    const rows = this.reader.rowsOf[unit];
    const { size, inverse, weight } = this;
    const { outputs } = this.reader;
    const precision = this.precisionOf(rows);
    const n = rows.length;
    // B = C^-1[:, R] A, [size, n]; then W -= B W_R and C^-1 -= B C^-1[R, :].
    const b = new Float64Array(size * n);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < n; j++) {
        const value = inverse[i * size + rows[j]];
        for (let k = 0; k < n; k++) b[i * n + k] += value * precision[j * n + k];
      }
    }
    const oldWeight = rows.map((row) => weight.slice(row * outputs, (row + 1) * outputs));
    const oldInverse = rows.map((row) => inverse.slice(row * size, (row + 1) * size));
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < n; j++) {
        const factor = b[i * n + j];
        if (factor === 0) continue;
        for (let o = 0; o < outputs; o++) weight[i * outputs + o] -= factor * oldWeight[j][o];
        for (let c = 0; c < size; c++) inverse[i * size + c] -= factor * oldInverse[j][c];
      }
    }
  }

  /** `inverse((C^-1)_RR)`, `[n, n]`. */
  private precisionOf(rows: readonly number[]): Float64Array {
    const block = new Float64Array(rows.length ** 2);
    rows.forEach((p, i) => rows.forEach((q, j) => (block[i * rows.length + j] = this.inverse[p * this.size + q])));
    return invert(block, rows.length, 1e-9);
  }
}

/** `tr(W' C W)`: what the layer puts out, squared and averaged. */
function outputEnergy({ covariance, weight, outputs }: UnitReader, size: number): number {
  let energy = 0;
  for (let p = 0; p < size; p++) {
    for (let q = 0; q < size; q++) {
      const moment = covariance[p * size + q];
      if (moment === 0) continue;
      let dot = 0;
      for (let o = 0; o < outputs; o++) dot += weight[p * outputs + o] * weight[q * outputs + o];
      energy += moment * dot;
    }
  }
  return energy;
}
