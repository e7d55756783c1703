/** What lies so far outside tells no more than that. */
const MOST = 5;

/** Mean and deviation of each entry of all states so far (Welford 1962), to bring states to one scale. */
export class RunningScale {
  private count = 0;
  private readonly mean: Float64Array;
  private readonly squares: Float64Array;

  constructor(readonly size: number) {
    this.mean = new Float64Array(size);
    this.squares = new Float64Array(size);
  }

  add(state: Float64Array): void {
    this.count++;
    for (let i = 0; i < this.size; i++) {
      const distance = state[i] - this.mean[i];
      this.mean[i] += distance / this.count;
      this.squares[i] += distance * (state[i] - this.mean[i]);
    }
  }

  /** Writes a state with mean 0 and deviation 1 to `target` at `offset`; an entry that never changed becomes 0. */
  write(state: Float64Array, target: Float64Array, offset: number): void {
    for (let i = 0; i < this.size; i++) {
      const deviation = Math.sqrt(this.squares[i] / Math.max(this.count, 1));
      const value = deviation > 1e-9 ? (state[i] - this.mean[i]) / deviation : 0;
      target[offset + i] = Math.min(MOST, Math.max(-MOST, value));
    }
  }
}
