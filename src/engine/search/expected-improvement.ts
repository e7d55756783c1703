import type { Prediction } from './gaussian-process';
import { millsRatio } from './normal-distribution';

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);
/** Below this `1 + z m(z)` is lost in rounding; it goes to `1 / z^2`. */
const FAR = -1e3;

/**
 * Logarithm of the expected improvement over `best`, which keeps its slope where the improvement itself is 0 to the last
 * digit (Ament et al. 2023, "Unexpected improvements to expected improvement"), and its derivatives by mean and deviation.
 */
export function logExpectedImprovement(
  { mean, deviation }: Prediction,
  best: number,
): { value: number; byMean: number; byDeviation: number } {
  const z = (mean - best) / deviation;
  // EI = deviation * pdf(z) * (1 + z m), m the Mills ratio at -z.
  const [logShape, slope] = z > 8 ? [Math.log(z), 1 / z] : shape(z);
  return {
    value: Math.log(deviation) + logShape,
    byMean: slope / deviation,
    byDeviation: (1 - slope * z) / deviation,
  };
}

/** log(pdf(z) + z cdf(z)) and its derivative, cdf(z) over that. */
function shape(z: number): [value: number, slope: number] {
  const ratio = millsRatio(-z);
  const bracket = z < FAR ? 1 / (z * z) : 1 + z * ratio;
  return [-0.5 * z * z - LOG_SQRT_2PI + Math.log(bracket), ratio / bracket];
}
