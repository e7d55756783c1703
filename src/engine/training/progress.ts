import type { NewEvent } from '../../runs/events';
import type { LoopPosition } from './checkpoint';

const INTERVAL_MS = 1000;
/** Weight of the latest step; about the last twenty decide. */
const LATEST = 0.05;

/** Emits `progress` events of a training, one a second at most and one at the end, with an estimate of the time left. */
export class Progress {
  /** Seconds that the latest validation took. */
  validationSeconds = 0;
  private lastEmitted = performance.now();
  /** Exponential moving average of a step's seconds; divided by `weight` it is free of bias from the first step on. */
  private stepSeconds = 0;
  private weight = 0;

  constructor(
    private readonly phase: string,
    private readonly total: number,
    private readonly emit: (event: NewEvent) => void,
  ) {}

  /** @param validations that are still to come. */
  stepDone(step: number, seconds: number, running: LoopPosition['running'], validations: number): void {
    this.stepSeconds += LATEST * (seconds - this.stepSeconds);
    this.weight += LATEST * (1 - this.weight);
    const now = performance.now();
    if (now - this.lastEmitted < INTERVAL_MS && step < this.total) return;
    this.lastEmitted = now;
    const left = (this.total - step) * (this.stepSeconds / this.weight);
    this.emit({
      type: 'progress',
      phase: this.phase,
      step,
      total: this.total,
      eta: left + validations * this.validationSeconds,
      loss: running.loss / running.samples,
      accuracy: (100 * running.correct) / running.samples,
    });
  }
}
