import type { Tensor } from '../graph/node';

/**
 * A matrix `[inputs, outputs]` of zeros and ones that takes output o from input `first + o * stride`; outputs before and
 * behind the inputs are zero. It pads (`first` < 0) and slices channels.
 */
export function selection(inputs: number, outputs: number, first: number, stride = 1): Tensor {
  const data = new Float32Array(inputs * outputs);
  for (let o = 0; o < outputs; o++) {
    const i = first + o * stride;
    if (i >= 0 && i < inputs) data[i * outputs + o] = 1;
  }
  return { shape: [inputs, outputs], data };
}

export interface Selection {
  readonly first: number;
  readonly stride: number;
}

/** What {@link selection} made this matrix; undefined when it is another one. */
export function recognizeSelection(matrix: Tensor): Selection | undefined {
  const [inputs, outputs] = matrix.shape;
  const ones: [input: number, output: number][] = [];
  for (let i = 0; i < matrix.data.length; i++) {
    if (matrix.data[i] === 1) ones.push([Math.floor(i / outputs), i % outputs]);
    else if (matrix.data[i] !== 0) return undefined;
  }
  if (ones.length === 0) return undefined;
  const [[i0, o0], [i1, o1] = [i0 + 1, o0 + 1]] = ones;
  const stride = i1 - i0;
  if (o1 - o0 !== 1 || stride < 1) return undefined;
  const first = i0 - o0 * stride;
  const again = selection(inputs, outputs, first, stride);
  return again.data.every((value, i) => value === matrix.data[i]) ? { first, stride } : undefined;
}
