import type { EventBody } from '../../runs/events';

/** What a run is at. */
interface Work {
  readonly phase?: EventBody<'phase.started'>;
  readonly progress?: EventBody<'progress'>;
}

/** How far a run is, in a few words: `fine-tune 45 %, 2 min left`. */
export function progressText({ phase, progress }: Work): string {
  if (!phase && !progress) return 'preparing';
  const name = progress?.phase ?? phase?.phase ?? '';
  if (!progress || progress.total <= 0) return name;
  const percent = Math.floor((100 * progress.step) / progress.total);
  return `${name} ${percent} %${progress.eta === undefined ? '' : `, ${timeLeft(progress.eta)} left`}`;
}

function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
