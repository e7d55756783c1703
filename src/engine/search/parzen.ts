import type { Random } from '../graph/random';
import { normalCdf } from './normal-distribution';
import type { Space } from './space';

/** Above so many cells a stepped dimension is as good as continuous. */
const MOST_CELLS = 64;
/**
 * Width of a kernel against the range, before the number of points counts. Narrower than is usual (0.2 in Optuna): the
 * broad kernel sees to exploration, and a narrow one finds the last digits.
 */
const WIDTH = 0.06;

/**
 * A density over some dimensions of a space: a mixture of one kernel a point, a product over the dimensions, and of a
 * broad one that keeps every value possible (Bergstra et al. 2011). On numeric dimensions kernels are normal, cut off at the
 * range's ends; on stepped ones the same, summed up to 1 over the steps; on categorical ones most of the mass is on the
 * point's own choice. Where a condition leaves a dimension out of a point, its kernel says nothing there: it is even.
 */
export class Parzen {
  private readonly axes: readonly KernelAxis[];
  private readonly logWeights: Float64Array;
  private readonly cumulative: Float64Array;

  /**
   * @param dimensions Indices of the dimensions that it is over.
   * @param points Unit coordinates in all dimensions of the space.
   * @param weights One a point; the broad kernel has 1.
   */
  constructor(
    space: Space,
    dimensions: readonly number[],
    points: readonly Float64Array[],
    weights: readonly number[],
  ) {
    const total = weights.reduce((sum, weight) => sum + weight, 1);
    const shares = [...weights.map((weight) => weight / total), 1 / total];
    this.logWeights = Float64Array.from(shares, Math.log);
    let sum = 0;
    this.cumulative = Float64Array.from(shares, (share) => (sum += share));
    this.axes = dimensions.map((index) => {
      const dimension = space.dimensions[index];
      const means = Float64Array.from({ length: points.length + 1 }, (_, k) =>
        k < points.length ? points[k][index] : NaN,
      );
      if (dimension.kind === 'categorical') return new ChoiceAxis(means, dimension.choices.length);
      const widths = dimensions.length > 1 ? evenWidths(means, dimensions.length) : neighbourWidths(means);
      // The broad kernel.
      means[points.length] = 0.5;
      widths[points.length] = 1;
      const cells = space.cells(index);
      return cells <= MOST_CELLS ? new SteppedAxis(means, widths, cells) : new NormalAxis(means, widths);
    });
  }

  /** One coordinate for each of the dimensions that it is over. */
  sample(random: Random): Float64Array {
    const at = random.uniform();
    const found = this.cumulative.findIndex((share) => at < share);
    const kernel = found < 0 ? this.cumulative.length - 1 : found;
    return Float64Array.from(this.axes, (axis) => axis.sample(kernel, random));
  }

  /** At a point as `sample` gives it. A NaN leaves its dimension out. */
  logDensity(point: ArrayLike<number>): number {
    const logs = this.logWeights.slice();
    this.axes.forEach((axis, d) => {
      if (!Number.isNaN(point[d])) axis.addLogs(point[d], logs);
    });
    let highest = -Infinity;
    for (const log of logs) if (log > highest) highest = log;
    let sum = 0;
    for (const log of logs) sum += Math.exp(log - highest);
    return highest + Math.log(sum);
  }
}

/** All kernels in one dimension. */
interface KernelAxis {
  sample(kernel: number, random: Random): number;
  /** Adds each kernel's log density, or on steps its log mass, at `unit`. */
  addLogs(unit: number, logs: Float64Array): void;
}

class NormalAxis implements KernelAxis {
  private readonly logScales: Float64Array;
  private readonly precisions: Float64Array;

  constructor(
    private readonly means: Float64Array,
    private readonly widths: Float64Array,
  ) {
    this.precisions = widths.map((width) => 0.5 / (width * width));
    this.logScales = means.map((mean, k) => {
      if (Number.isNaN(mean)) return 0;
      const inside = normalCdf((1 - mean) / widths[k]) - normalCdf(-mean / widths[k]);
      return -Math.log(widths[k] * Math.sqrt(2 * Math.PI) * inside);
    });
    // An even kernel: density 1 everywhere.
    for (let k = 0; k < means.length; k++) if (Number.isNaN(means[k])) this.precisions[k] = 0;
  }

  sample(kernel: number, random: Random): number {
    const mean = this.means[kernel];
    if (Number.isNaN(mean)) return random.uniform();
    // A mean lies in the range, so at least a third of the draws do.
    for (;;) {
      const unit = mean + this.widths[kernel] * random.normal();
      if (unit >= 0 && unit <= 1) return unit;
    }
  }

  addLogs(unit: number, logs: Float64Array): void {
    const { means, precisions, logScales } = this;
    for (let k = 0; k < logs.length; k++) {
      if (precisions[k] === 0) continue;
      const distance = unit - means[k];
      logs[k] += logScales[k] - distance * distance * precisions[k];
    }
  }
}

class SteppedAxis implements KernelAxis {
  /** Log mass of each cell, by kernel: row-major `[kernels, cells]`. */
  private readonly logs: Float64Array;

  constructor(
    means: Float64Array,
    widths: Float64Array,
    private readonly cells: number,
  ) {
    this.logs = new Float64Array(means.length * cells);
    means.forEach((mean, k) => {
      const row = this.logs.subarray(k * cells, (k + 1) * cells);
      row.forEach((_, c) => {
        row[c] = Number.isNaN(mean) ? 0 : -0.5 * (((c + 0.5) / cells - mean) / widths[k]) ** 2;
      });
      const sum = row.reduce((total, log) => total + Math.exp(log), 0);
      // The sum has the cell at the mean in it, which is near 1.
      row.forEach((log, c) => (row[c] = log - Math.log(sum)));
    });
  }

  sample(kernel: number, random: Random): number {
    let rest = random.uniform();
    for (let c = 0; c < this.cells; c++) {
      rest -= Math.exp(this.logs[kernel * this.cells + c]);
      if (rest < 0) return (c + 0.5) / this.cells;
    }
    return 1 - 0.5 / this.cells;
  }

  addLogs(unit: number, logs: Float64Array): void {
    const cell = Math.min(this.cells - 1, Math.max(0, Math.floor(unit * this.cells)));
    for (let k = 0; k < logs.length; k++) logs[k] += this.logs[k * this.cells + cell];
  }
}

class ChoiceAxis implements KernelAxis {
  /** Mass of a point's own choice, and of each other one. */
  private readonly own: number;
  private readonly other: number;

  constructor(
    private readonly means: Float64Array,
    private readonly choices: number,
  ) {
    this.other = 1 / means.length / (1 + choices / means.length);
    this.own = (1 + 1 / means.length) / (1 + choices / means.length);
  }

  sample(kernel: number, random: Random): number {
    const choice = this.means[kernel];
    if (Number.isNaN(choice) || random.uniform() >= this.own - this.other) return random.int(this.choices);
    return choice;
  }

  addLogs(unit: number, logs: Float64Array): void {
    const [own, other, even] = [Math.log(this.own), Math.log(this.other), -Math.log(this.choices)];
    for (let k = 0; k < logs.length; k++) {
      const choice = this.means[k];
      logs[k] += choice === unit ? own : Number.isNaN(choice) ? even : other;
    }
  }
}

/** One width for all, smaller the more points there are (the exponent is Scott's, 1992). */
function evenWidths(means: Float64Array, dimensions: number): Float64Array {
  return means.map(() => WIDTH * Math.max(means.length - 1, 1) ** (-1 / (dimensions + 4)));
}

/** As wide as the way to the farther one of a point's neighbours, so that no gap stays empty (Bergstra et al. 2011). */
function neighbourWidths(means: Float64Array): Float64Array {
  const sorted = [...means.keys()].filter((k) => !Number.isNaN(means[k])).sort((a, b) => means[a] - means[b]);
  const widths = means.map(() => 1);
  sorted.forEach((k, i) => {
    const below = i > 0 ? means[sorted[i - 1]] : 0;
    const above = i < sorted.length - 1 ? means[sorted[i + 1]] : 1;
    widths[k] = Math.min(1, Math.max(means[k] - below, above - means[k], narrowest(means.length)));
  });
  return widths;
}

function narrowest(kernels: number): number {
  return 1 / Math.min(100, 1 + kernels);
}
