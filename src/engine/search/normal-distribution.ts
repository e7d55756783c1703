const SQRT_PI = Math.sqrt(Math.PI);
/** From here on the continued fraction of erfc is the quicker and the more exact of the two. */
const SERIES_END = 2.5;

/** Standard normal cumulative distribution, to double precision. */
export function normalCdf(z: number): number {
  if (z > 9) return 1;
  if (z < -38) return 0;
  const x = Math.abs(z) * Math.SQRT1_2;
  if (x < SERIES_END) return 0.5 * (1 + Math.sign(z) * erfSeries(x));
  const tail = 0.5 * Math.exp(-x * x) * erfcFraction(x);
  return z > 0 ? 1 - tail : tail;
}

/** `(1 - cdf(z)) / pdf(z)`, the Mills ratio of the upper tail; finite for every z above about -38. */
export function millsRatio(z: number): number {
  const x = z * Math.SQRT1_2;
  const scaled = x >= SERIES_END ? erfcFraction(x) : Math.exp(x * x) * (1 - Math.sign(x) * erfSeries(Math.abs(x)));
  return Math.sqrt(Math.PI / 2) * scaled;
}

/** erf by its series with positive terms, `2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!`; x in [0, about 6]. */
function erfSeries(x: number): number {
  if (x > 6) return 1;
  let term = x;
  let sum = x;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / SQRT_PI) * Math.exp(-x * x) * sum;
}

/** `exp(x^2) erfc(x)` by its continued fraction, evaluated from the back; x >= 2.5. */
function erfcFraction(x: number): number {
  let value = x;
  for (let n = 40; n >= 1; n--) value = x + n / 2 / value;
  return 1 / (SQRT_PI * value);
}
