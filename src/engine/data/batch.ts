/** Samples ready for an executor: normalised, NHWC. */
export interface Batch {
  readonly count: number;
  /** Row-major `[count, ...sample shape]`. */
  readonly images: Float32Array;
  /** Class index of each sample, `[count]`. */
  readonly labels: Int32Array;
}
