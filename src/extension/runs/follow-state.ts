import type { RunStatus } from '../../runs/read';
import { emptyState, reduceRun, type RunState } from '../../runs/snapshot';

/** Often enough to look alive, seldom enough to cost nothing. */
const INTERVAL_MS = 150;
/** How often to look whether the process of a run is still there. */
const LIFE_MS = 2000;

/**
 * Follows a run's journal, whoever writes it, and reports its state a few times a second at most, until the signal is
 * aborted.
 */
export async function followState(
  directory: string,
  signal: AbortSignal,
  report: (state: RunState, status: RunStatus) => void,
): Promise<void> {
  const [{ followRun }, { statusOf }] = await Promise.all([import('../../runs/follow'), import('../../runs/read')]);
  let state = emptyState;
  let timer: NodeJS.Timeout | undefined;
  let reported = '';
  const flush = (): void => {
    timer = undefined;
    if (state.id === '' || signal.aborted) return;
    const status = statusOf(state.status, directory);
    const version = `${state.seq} ${status}`;
    if (version !== reported) report(state, status);
    reported = version;
  };
  // A process that dies writes nothing.
  const life = setInterval(flush, LIFE_MS);
  try {
    for await (const event of followRun(directory, { signal })) {
      state = reduceRun(state, event);
      timer ??= setTimeout(flush, INTERVAL_MS);
    }
  } finally {
    clearInterval(life);
    clearTimeout(timer);
  }
}
