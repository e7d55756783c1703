import type { Random } from '../../graph/random';

/**
 * How an actor is led to try something else: `action` adds noise to what it wants; `parameter` to its weights, so that what it
 * does differently hangs together over an episode (Plappert et al. 2018).
 */
export type NoiseKind = 'action' | 'parameter';

/** A normal number with mean `mean`, drawn again while it lies outside [0, 1] (AMC, He et al. 2018, section 3.2). */
export function truncatedNormal(mean: number, deviation: number, random: Random): number {
  if (deviation <= 0) return mean;
  const [low, high] = [-mean / deviation, (1 - mean) / deviation];
  // Inverting the distribution function would need no second draw; here at least about one in three gets through.
  for (let draw = 0; draw < 100; draw++) {
    const z = random.normal();
    if (z >= low && z <= high) return Math.min(1, Math.max(0, mean + deviation * z));
  }
  return random.uniform();
}

const ADAPTATION = 1.03;

/**
 * The deviation of parameter noise that changes actions by as much as wanted (Plappert et al. 2018, section 3): a bit more after
 * each time when it changed them by less, a bit less when it changed them by more.
 */
export class AdaptiveDeviation {
  value = 0.05;

  /** @param distance Root mean square of how far the noise has moved actions. */
  adapt(distance: number, wanted: number): void {
    this.value *= distance < wanted ? ADAPTATION : 1 / ADAPTATION;
  }
}
