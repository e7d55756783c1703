/**
 * Zeros of `shape` with the values at `begin`, `begin + strides`, ... of each dimension. Values that would land outside
 * are left out.
 */
export function stridedScatter(
  values: Float32Array,
  valuesShape: readonly number[],
  shape: readonly number[],
  begin: readonly number[],
  strides: readonly number[],
): Float32Array {
  const out = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
  const last = shape.length - 1;
  const scatter = (dimension: number, from: number, to: number): void => {
    const steps = valuesShape[dimension];
    for (let i = 0; i < steps; i++) {
      const at = begin[dimension] + i * strides[dimension];
      if (at < 0 || at >= shape[dimension]) continue;
      if (dimension === last) out[to + at] = values[from + i];
      else scatter(dimension + 1, (from + i) * valuesShape[dimension + 1], (to + at) * shape[dimension + 1]);
    }
  };
  scatter(0, 0, 0);
  return out;
}
