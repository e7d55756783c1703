/**
 * First and second moments of sampled rows, gathered batch by batch: enough for LASSO and for least squares, so the
 * rows themselves need not be kept.
 */
export class Moments {
  private count = 0;
  readonly columns: number;
  private readonly symmetric: boolean;
  private readonly meanSum: Float64Array;
  /** Sum of outer products `x' y`, row-major `[size, columns]`; of rows with themselves its upper half. */
  private readonly products: Float64Array;

  /** Between rows x `[n, size]` and y `[n, columns]`; without `columns` of x with itself. */
  constructor(
    readonly size: number,
    columns?: number,
  ) {
    this.symmetric = columns === undefined;
    this.columns = columns ??= size;
    this.meanSum = new Float64Array(size);
    this.products = new Float64Array(size * columns);
  }

  /** Adds `n` rows. */
  add(n: number, x: Float32Array, y = x): void {
    const { size, columns, symmetric, products, meanSum } = this;
    this.count += n;
    // Four rows at a time: each entry of `products` is then read and written once for four multiply-adds.
    const whole = n - (n % 4);
    for (let row = 0; row < whole; row += 4) {
      const x0 = row * size;
      const y0 = row * columns;
      for (let i = 0; i < size; i++) {
        const a = x[x0 + i];
        const b = x[x0 + size + i];
        const c = x[x0 + 2 * size + i];
        const d = x[x0 + 3 * size + i];
        meanSum[i] += a + b + c + d;
        if (a === 0 && b === 0 && c === 0 && d === 0) continue;
        const start = i * columns;
        for (let j = symmetric ? i : 0; j < columns; j++) {
          products[start + j] +=
            a * y[y0 + j] + b * y[y0 + columns + j] + c * y[y0 + 2 * columns + j] + d * y[y0 + 3 * columns + j];
        }
      }
    }
    for (let row = whole; row < n; row++) {
      for (let i = 0; i < size; i++) {
        const a = x[row * size + i];
        meanSum[i] += a;
        for (let j = symmetric ? i : 0; j < columns; j++) products[i * columns + j] += a * y[row * columns + j];
      }
    }
  }

  mean(): Float64Array {
    return this.meanSum.map((sum) => sum / this.count);
  }

  /** Mean of the products, minus the product of the means when these are given: the covariance. */
  second(xMean?: Float64Array, yMean?: Float64Array): Float64Array {
    const { size, columns, symmetric, products, count } = this;
    const result = products.map((sum) => sum / count);
    if (symmetric) {
      for (let i = 1; i < size; i++) for (let j = 0; j < i; j++) result[i * size + j] = result[j * size + i];
    }
    if (xMean && yMean) {
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < columns; j++) result[i * columns + j] -= xMean[i] * yMean[j];
      }
    }
    return result;
  }
}
