import { SingleBar } from 'cli-progress';
import type { EventBody } from '../runs/events';
import { duration } from '../runs/units';

type Progress = EventBody<'progress'>;

/** A bar on the last line of a terminal, with the time that is left. */
export class ProgressBar {
  private bar: SingleBar | undefined;
  private phase = '';
  private readonly pace = new Pace();

  constructor(private readonly stream: NodeJS.WritableStream) {}

  update(progress: Progress): void {
    const { phase, step, total } = progress;
    if (phase !== this.phase) this.clear();
    this.phase = phase;
    const payload = { phase, details: details(progress, this.pace.eta(progress)) };
    if (this.bar) {
      this.bar.update(step, payload);
      return;
    }
    this.bar = new SingleBar({
      stream: this.stream,
      format: '{phase} {bar} {percentage} %  {value}/{total}{details}',
      barsize: 24,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      clearOnComplete: true,
      linewrap: false,
      // Ctrl-C is ours to handle.
      gracefulExit: false,
    });
    this.bar.start(total, step, payload);
  }

  /** Takes the bar off the screen, so that a line can be written; the next update draws it again. */
  clear(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

/** A progress as a line of text. */
export class ProgressLine {
  private readonly pace = new Pace();

  of(progress: Progress): string {
    const { phase, step, total } = progress;
    const share = total > 0 ? Math.floor((100 * step) / total) : 100;
    return `${phase} ${share} % (${step}/${total})${details(progress, this.pace.eta(progress))}`;
  }
}

function details({ loss, accuracy }: Progress, eta: number | undefined): string {
  const parts = [
    loss === undefined ? undefined : `loss ${loss.toFixed(4)}`,
    accuracy === undefined ? undefined : `${accuracy.toFixed(2)} %`,
    eta === undefined ? undefined : `${duration(eta)} left`,
  ];
  return parts
    .filter((part) => part !== undefined)
    .map((part) => `  ${part}`)
    .join('');
}

/** Seconds left, where the engine doesn't say: by the pace since the phase was first seen. */
class Pace {
  private start: { phase: string; step: number; time: number } | undefined;

  eta({ phase, step, total, eta }: Progress): number | undefined {
    const now = Date.now();
    if (this.start?.phase !== phase || step < this.start.step) this.start = { phase, step, time: now };
    if (eta !== undefined) return eta;
    const done = step - this.start.step;
    return done > 0 ? ((now - this.start.time) / 1000 / done) * (total - step) : undefined;
  }
}
