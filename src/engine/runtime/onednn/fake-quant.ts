import { gridOf, snap, type Grid } from '../../graph/fake-quant';
import type { FakeQuantNode } from '../../graph/node';
import type { Value } from './plan';
import type { Emitted, Site } from './site';

/** Rounding as TensorFlow's kernel has it, to the bit; no primitive rounds ties upwards, so it is a kernel of ours. */
export function fakeQuant(node: FakeQuantNode, input: Value, site: Site): Emitted {
  const { builder } = site;
  const x = builder.float(input);
  const y = builder.value(x.shape, 'f32');
  const [min, max] = [site.parameter(node, 'min'), site.parameter(node, 'max')];
  const observed = site.training && node.range === 'observed';
  builder.kernel([x, y, min, max], (view) => {
    const [from, to, low, high] = [x, y, min, max].map(view);
    return ({ onRange }) => {
      if (observed && onRange) onRange(node.name, ...extremes(from));
      const grid = gridOf(low[0], high[0], node.bits);
      for (let i = 0; i < from.length; i++) to[i] = snap(from[i], grid);
    };
  });
  return {
    value: builder.native(y),
    backward: (slope, { inputs, params }) => {
      const dy = builder.float(slope);
      const dx = builder.value(x.shape, 'f32');
      const [dMin, dMax] = [builder.pinned([1]), builder.pinned([1])];
      const learns = params.size > 0;
      builder.kernel([x, y, dy, dx, min, max, dMin, dMax], (view) => {
        const [from, to, slopes, back, low, high, byMin, byMax] = [x, y, dy, dx, min, max, dMin, dMax].map(view);
        return () => {
          const grid = gridOf(low[0], high[0], node.bits);
          for (let i = 0; i < from.length; i++) back[i] = from[i] >= grid.min && from[i] <= grid.max ? slopes[i] : 0;
          if (learns) [byMin[0], byMax[0]] = rangeSlopes(from, to, slopes, grid);
        };
      });
      return { inputs: [inputs[0] ? builder.native(dx) : undefined], params: { min: dMin, max: dMax } };
    },
  };
}

/**
 * Gradient by the ends of a range, as LSQ+ has it (Bhalgat et al. 2020) for step size and offset, written for min and max:
 * an end moves the values beyond it one to one, and those within by their rounding error over the range.
 */
function rangeSlopes(x: Float32Array, y: Float32Array, dy: Float32Array, { min, max }: Grid): [number, number] {
  let [below, above, inner] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (x[i] < min) below += dy[i];
    else if (x[i] > max) above += dy[i];
    else inner += dy[i] * (y[i] - x[i]);
  }
  inner /= Math.max(max - min, Number.MIN_VALUE);
  return [below - inner, above + inner];
}

function extremes(values: Float32Array): [min: number, max: number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
