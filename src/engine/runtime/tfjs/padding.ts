import type { Padding, Pair } from '../../graph/node';
import type { Sliding } from './kernels';

/** Pads of an image `[n, h, w, c]` in the form that tfjs takes. */
export type ImagePads = [[number, number], [number, number], [number, number], [number, number]];

export function imagePads({ top, bottom, left, right }: Padding): ImagePads {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

export const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

/** TensorFlow's name for a padding: its gradient kernels are several times faster when it isn't EXPLICIT. */
export function paddingName(
  [, height, width]: readonly number[],
  kernel: Pair,
  { strides, padding }: Sliding,
): 'VALID' | 'SAME' | 'EXPLICIT' {
  const { top, bottom, left, right } = padding;
  if (top + bottom + left + right === 0) return 'VALID';
  const same = (extent: number, size: number, stride: number, before: number, after: number) => {
    const total = Math.max((Math.ceil(extent / stride) - 1) * stride + size - extent, 0);
    return before === Math.floor(total / 2) && after === total - before;
  };
  return same(height, kernel[0], strides[0], top, bottom) && same(width, kernel[1], strides[1], left, right)
    ? 'SAME'
    : 'EXPLICIT';
}
