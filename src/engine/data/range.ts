/** The whole numbers from `begin` up to, not including, `end`. */
export function range(begin: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - begin }, (_, i) => begin + i);
}
