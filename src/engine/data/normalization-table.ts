import type { Normalization } from './dataset';

/** Normalised value of every byte in every channel, row-major `[channels, 256]`: a look-up instead of arithmetic. */
export function normalizationTable({ mean, std }: Normalization): Float32Array {
  const table = new Float32Array(mean.length * 256);
  mean.forEach((m, c) => {
    for (let value = 0; value < 256; value++) table[c * 256 + value] = (value / 255 - m) / std[c];
  });
  return table;
}
