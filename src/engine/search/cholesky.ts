/** A lower triangle, its rows one behind the other: row i has i + 1 entries. */
export class Cholesky {
  private data = new Float64Array(16);
  size = 0;

  /**
   * Adds a row and column to the matrix: the factor so far stays as it is, so that n rows cost n^3 / 6 and one more n^2 / 2.
   * @param entries The matrix's entries left of the diagonal, then the one on it.
   * @returns false, with nothing changed, when the matrix would not be positive definite.
   */
  append(entries: ArrayLike<number>): boolean {
    const { size } = this;
    const start = (size * (size + 1)) / 2;
    this.reserve(start + size + 1);
    const { data } = this;
    let diagonal = entries[size];
    for (let j = 0, row = 0; j < size; row += ++j) {
      let sum = entries[j];
      for (let k = 0; k < j; k++) sum -= data[start + k] * data[row + k];
      sum /= data[row + j];
      data[start + j] = sum;
      diagonal -= sum * sum;
    }
    if (!(diagonal > 0)) return false;
    data[start + size] = Math.sqrt(diagonal);
    this.size++;
    return true;
  }

  /** Takes away rows and columns that were added last. */
  truncate(size: number): void {
    this.size = Math.min(this.size, size);
  }

  entry(i: number, j: number): number {
    return this.data[(i * (i + 1)) / 2 + j];
  }

  /** Logarithm of the matrix's determinant. */
  logDeterminant(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += Math.log(this.entry(i, i));
    return 2 * sum;
  }

  /** `L x`. */
  multiply(x: ArrayLike<number>): Float64Array {
    const result = new Float64Array(this.size);
    for (let i = 0, row = 0; i < this.size; row += ++i) {
      for (let k = 0; k <= i; k++) result[i] += this.data[row + k] * x[k];
    }
    return result;
  }

  /** `L^-1 b`, in place. */
  solveLower(b: Float64Array): Float64Array {
    const { data, size } = this;
    for (let i = 0, row = 0; i < size; row += ++i) {
      let sum = b[i];
      for (let k = 0; k < i; k++) sum -= data[row + k] * b[k];
      b[i] = sum / data[row + i];
    }
    return b;
  }

  /** `L^-T b`, in place. */
  solveUpper(b: Float64Array): Float64Array {
    const { data, size } = this;
    for (let i = size - 1; i >= 0; i--) {
      const row = (i * (i + 1)) / 2;
      const value = b[i] / data[row + i];
      b[i] = value;
      for (let k = 0; k < i; k++) b[k] -= data[row + k] * value;
    }
    return b;
  }

  /** The inverse of the matrix, row-major `[size, size]`, its lower triangle only. */
  inverse(): Float64Array {
    const { size: n, data } = this;
    // Rows of L^-1, lower triangle, then L^-T L^-1.
    const lower = new Float64Array(n * n);
    for (let i = 0, row = 0; i < n; row += ++i) {
      const own = i * n;
      const scale = 1 / data[row + i];
      for (let k = 0; k < i; k++) {
        const factor = data[row + k] * scale;
        for (let j = 0; j <= k; j++) lower[own + j] -= factor * lower[k * n + j];
      }
      lower[own + i] = scale;
    }
    const result = new Float64Array(n * n);
    for (let k = 0; k < n; k++) {
      for (let i = 0; i <= k; i++) {
        const factor = lower[k * n + i];
        for (let j = 0; j <= i; j++) result[i * n + j] += factor * lower[k * n + j];
      }
    }
    return result;
  }

  private reserve(length: number): void {
    if (length <= this.data.length) return;
    const grown = new Float64Array(2 * length);
    grown.set(this.data);
    this.data = grown;
  }
}

/** Factor of a symmetric matrix, row-major, of which the lower triangle is read; undefined unless positive definite. */
export function factorize(matrix: ArrayLike<number>, size: number): Cholesky | undefined {
  const factor = new Cholesky();
  const row = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) row[j] = matrix[i * size + j];
    if (!factor.append(row)) return undefined;
  }
  return factor;
}
