import type { Pooling } from './kernels';

/**
 * Gradient of a max pool in plain loops, for backends without a kernel that works: each output's goes to the first
 * maximum of its window. `x` is `[n, h, w, c]`, `dy` has the output's extent.
 */
export function maxPoolGradient(
  dy: Float32Array,
  [n, outHeight, outWidth, channels]: readonly number[],
  x: Float32Array,
  [, height, width]: readonly number[],
  { size, strides, padding }: Pooling,
): Float32Array {
  const dx = new Float32Array(x.length);
  let out = 0;
  for (let sample = 0; sample < n; sample++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * strides[0] - padding.top;
      const [firstRow, endRow] = [Math.max(top, 0), Math.min(top + size[0], height)];
      for (let j = 0; j < outWidth; j++) {
        const left = j * strides[1] - padding.left;
        const [firstColumn, endColumn] = [Math.max(left, 0), Math.min(left + size[1], width)];
        for (let c = 0; c < channels; c++, out++) {
          let best = -1;
          for (let row = firstRow; row < endRow; row++) {
            for (let column = firstColumn; column < endColumn; column++) {
              const at = ((sample * height + row) * width + column) * channels + c;
              if (best < 0 || x[at] > x[best]) best = at;
            }
          }
          if (best >= 0) dx[best] += dy[out];
        }
      }
    }
  }
  return dx;
}
