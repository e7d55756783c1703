/** Wall time, and the part of it that the executor was at work; waiting for data and writing files are the rest. */
export class EpochClock {
  private countedUntil = performance.now();
  private busySeconds = 0;

  /** Runs one call of the executor and counts it. */
  async executor<T>(call: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await call();
    } finally {
      this.busySeconds += (performance.now() - started) / 1000;
    }
  }

  /** What has passed since the last call. */
  take(): { seconds: number; busySeconds: number } {
    const now = performance.now();
    const taken = { seconds: (now - this.countedUntil) / 1000, busySeconds: this.busySeconds };
    this.countedUntil = now;
    this.busySeconds = 0;
    return taken;
  }
}
