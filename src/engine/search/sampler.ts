import type { Decision } from './space';

/** How a trial went, as samplers hear of it. */
export interface Told {
  /** What was tried, which need not be what the sampler had proposed. */
  readonly decision: Decision;
  /** Higher is better; absent for a trial that failed, which counts as bad as the worst. */
  readonly reward?: number;
}

/**
 * Proposes what to try next from what it was told: ask, try, tell. It knows nothing of what is tuned. All chance comes
 * from its seed and the number of the trial, so that the same tellings give the same proposals, before and after a stop.
 */
export interface Sampler {
  readonly name: string;
  /**
   * A decision to try as trial `trial`.
   * @param pending Decisions that are being tried now; it keeps away from them.
   */
  ask(trial: number, pending?: readonly Decision[]): Decision;
  tell(told: Told): void;
  /** All that it has learnt, as plain data for JSON; a sampler of the same space and options goes on from it. */
  state(): unknown;
  /** @throws Error when the state is not one of this sampler's. */
  restore(state: unknown): void;
}
