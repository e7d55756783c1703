/** Passes over all weights of an output; hardly anything changes after ten. */
const PASSES = 20;
/** Share of the mean variance added to the diagonal: the sample is small beside the inputs of a wide layer. */
const DAMPING = 0.01;

/**
 * Rounds the weights of one output channel so that its output changes least, in place of the weights themselves: the problem
 * of AdaRound (Nagel et al. 2020, eq. 10), `min (w - q)' C (w - q)` over allowed q. It is solved by coordinate descent
 * (Behdin et al. 2023, QuantEase): each weight in turn takes the allowed value that is best given all others, so that the error
 * never rises. Weights that are 0 stay 0.
 *
 * @param weight w, `[size]`.
 * @param start Where to begin: allowed values, the nearest ones for instance.
 * @param covariance C of the inputs, `[size, size]`.
 * @param nearest The allowed value of a row that is nearest to a number.
 */
export function roundAdaptively(
  weight: Float64Array,
  start: Float64Array,
  covariance: Float64Array,
  nearest: (value: number, row: number) => number,
): Float64Array {
  const size = weight.length;
  const rounded = start.slice();
  let trace = 0;
  for (let i = 0; i < size; i++) trace += covariance[i * size + i];
  const damping = (DAMPING * trace) / size;
  // C (w - q): how the error falls with each weight.
  const slopes = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    const distance = weight[j] - rounded[j];
    if (distance === 0) continue;
    for (let i = 0; i < size; i++) slopes[i] += covariance[i * size + j] * distance;
    slopes[j] += damping * distance;
  }
  for (let pass = 0; pass < PASSES; pass++) {
    let changed = false;
    for (let i = 0; i < size; i++) {
      const curvature = covariance[i * size + i] + damping;
      if (weight[i] === 0 || curvature === 0) continue;
      const best = nearest(rounded[i] + slopes[i] / curvature, i);
      const step = best - rounded[i];
      if (step === 0) continue;
      rounded[i] = best;
      changed = true;
      const row = i * size;
      for (let k = 0; k < size; k++) slopes[k] -= covariance[row + k] * step;
      slopes[i] -= damping * step;
    }
    if (!changed) break;
  }
  return rounded;
}
