/** Weight of the latest step; about the last twenty decide. */
const LATEST = 0.05;

/** Seconds a step takes, as an exponential moving average that is free of bias from its first value on. */
export class Pace {
  private average = 0;
  private weight = 0;

  add(seconds: number): void {
    this.average += LATEST * (seconds - this.average);
    this.weight += LATEST * (1 - this.weight);
  }

  /** Seconds that so many steps will take; undefined before the first step. */
  estimate(steps: number): number | undefined {
    return this.weight === 0 ? undefined : (this.average / this.weight) * steps;
  }
}
