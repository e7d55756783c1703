import type { OpTable, PadNode, Padding, Pair, SliceNode } from '../../graph/node';
import { ALGORITHM, ARG, FLAG, PROP, QUERY } from './codes';
import { binary, elementwise, reluGradient } from './elementwise';
import { int64, rowMajor } from './engine';
import { fakeQuant } from './fake-quant';
import type { Operand, Value } from './plan';
import type { PlanBuilder } from './plan-builder';
import type { Emitted, Site } from './site';
import { convolution, dense } from './weighted';

type Ops = OpTable<[inputs: readonly Value[], site: Site], Emitted>;

/** What each op does and how its gradient goes back, side by side, in steps of a plan. */
export const ops: Ops = {
  input: () => {
    throw new Error('the input of a graph is given, not computed');
  },

  conv2d: (node, [x], site) => convolution(node, x, site),
  depthwiseConv2d: (node, [x], site) => convolution(node, x, site),
  dense: (node, [x], site) => dense(node, x, site),

  batchNorm: (node, [x], site) => {
    const { builder, training, relu, onStatistics } = site;
    const [gamma, beta] = [site.parameter(node, 'gamma'), site.parameter(node, 'beta')];
    const channels = gamma.shape;
    const [mean, variance] = onStatistics
      ? [builder.pinned(channels), builder.pinned(channels)]
      : [site.parameter(node, 'mean'), site.parameter(node, 'variance')];
    onStatistics?.(node.name, mean, variance);
    const y = builder.value(x.shape);
    const [from, to] = [builder.image(x), builder.image(y)];
    const prop = onStatistics ? PROP.forwardTraining : PROP.forwardInference;
    const flags = FLAG.scale | FLAG.shift | (relu ? FLAG.relu : 0) | (onStatistics ? 0 : FLAG.globalStatistics);
    const name = 'batch_normalization';
    const forward = builder.describe(`${name}_forward`, prop, from.layout, to.layout, node.epsilon, flags, 0n);
    const given: [number, Operand][] = [
      [ARG.src, from],
      [ARG.scale, builder.dense(gamma)],
      [ARG.mean, builder.dense(mean)],
      [ARG.variance, builder.dense(variance)],
    ];
    const workspace: [number, Operand][] =
      relu && onStatistics ? [[ARG.workspace, builder.chosen(queried(builder, forward, QUERY.workspace))]] : [];
    builder.run(forward, [...given, [ARG.shift, builder.dense(beta)], [ARG.dst, to], ...workspace]);
    return {
      value: y,
      backward: (dy) => {
        if (!training) throw new Error('batch norm has no gradient in inference mode');
        const dx = builder.value(x.shape);
        const [dGamma, dBeta] = [builder.pinned(channels), builder.pinned(channels)];
        const [back, slope] = [builder.image(dx), builder.image(dy)];
        const backward = builder.describe(
          `${name}_backward`,
          ...[PROP.backward, back.layout, slope.layout, from.layout, node.epsilon, flags, forward, 0n],
        );
        const gradients: [number, Operand][] = [
          [ARG.diffDst, slope],
          [ARG.diffSrc, back],
          [ARG.diffScale, builder.dense(dGamma)],
          [ARG.diffShift, builder.dense(dBeta)],
        ];
        builder.run(backward, [...given, ...workspace, ...gradients]);
        return { inputs: [dx], params: { gamma: dGamma, beta: dBeta } };
      },
    };
  },

  relu: (_node, [x], site) =>
    elementwise(site.builder, x, { forward: ALGORITHM.relu, byOutput: ALGORITHM.reluByOutput }),
  relu6: (_node, [x], site) =>
    elementwise(site.builder, x, { forward: ALGORITHM.clip, byOutput: ALGORITHM.clipByOutput, beta: 6 }),
  // By its input: the output has another sign where alpha is negative.
  leakyRelu: ({ alpha }, [x], site) => elementwise(site.builder, x, { forward: ALGORITHM.relu, alpha }),
  sigmoid: (_node, [x], site) =>
    elementwise(site.builder, x, { forward: ALGORITHM.logistic, byOutput: ALGORITHM.logisticByOutput }),
  tanh: (_node, [x], site) =>
    elementwise(site.builder, x, { forward: ALGORITHM.tanh, byOutput: ALGORITHM.tanhByOutput }),

  softmax: (_node, [input], { builder }) => {
    const x = builder.float(input);
    const y = builder.value(x.shape, 'f32');
    const [from, to, axis] = [builder.dense(x), builder.dense(y), x.shape.length - 1];
    const { forwardTraining } = PROP;
    const forward = builder.describe(
      'softmax_forward',
      forwardTraining,
      ALGORITHM.softmax,
      from.layout,
      to.layout,
      axis,
      0n,
    );
    builder.run(forward, [
      [ARG.src, from],
      [ARG.dst, to],
    ]);
    return {
      value: y,
      backward: (slope) => {
        const dy = builder.dense(builder.float(slope));
        const dx = builder.value(x.shape, 'f32');
        const back = builder.dense(dx);
        const layouts = [back.layout, dy.layout, to.layout];
        builder.run(builder.describe('softmax_backward', ALGORITHM.softmax, ...layouts, axis, forward, 0n), [
          [ARG.dst, to],
          [ARG.diffDst, dy],
          [ARG.diffSrc, back],
        ]);
        return { inputs: [dx] };
      },
    };
  },

  add: (_node, [a, b], { builder, relu }) => {
    const value = binary(builder, ALGORITHM.add, a, b, relu);
    return {
      value,
      backward: (dy) => {
        const slope = relu ? reluGradient(builder, value, dy) : dy;
        return { inputs: [slope, slope] };
      },
    };
  },
  mul: (_node, [a, b], { builder }) => ({
    value: binary(builder, ALGORITHM.mul, a, b),
    backward: (dy, { inputs }) => ({
      inputs: [
        inputs[0] ? binary(builder, ALGORITHM.mul, dy, b) : undefined,
        inputs[1] ? summedLike(builder, binary(builder, ALGORITHM.mul, dy, a), b.shape) : undefined,
      ],
    }),
  }),
  concat: (_node, inputs, { builder, shape }) => {
    const y = builder.value(shape);
    const axis = shape.length - 1;
    const [parts, to] = [inputs.map((input) => builder.dense(input)), builder.dense(y)];
    const layouts = BigUint64Array.from(parts.map(({ layout }) => layout));
    builder.run(builder.describe('concat', to.layout, parts.length, axis, layouts, 0n), [
      ...parts.map((part, i): [number, Operand] => [ARG.multipleSrc + i, part]),
      [ARG.dst, to],
    ]);
    return {
      value: y,
      backward: (dy, wanted) => {
        let first = 0;
        const slopes = inputs.map((input, i) => {
          const offset = first;
          first += input.shape[axis];
          if (!wanted.inputs[i]) return undefined;
          const dx = builder.value(input.shape);
          builder.reorder(builder.strided(dy, input.shape, rowMajor(shape), offset), builder.dense(dx));
          return dx;
        });
        return { inputs: slopes };
      },
    };
  },

  maxPool: (node, [x], site) => pool(ALGORITHM.poolMax, node, x, site),
  avgPool: (node, [x], site) => pool(ALGORITHM.poolAverage, node, x, site),
  globalAvgPool: (_node, [x], site) => {
    const [, height, width] = x.shape;
    const size = [height, width] as const;
    return pool(ALGORITHM.poolAverage, { size, strides: size, padding: none }, x, site);
  },

  pad: (node, [x], { builder, shape }) => {
    const y = builder.value(shape);
    builder.clear(y);
    builder.reorder(builder.dense(x), inner(builder, node, y, x));
    return {
      value: y,
      backward: (dy) => {
        const dx = builder.value(x.shape);
        builder.reorder(inner(builder, node, dy, x), builder.dense(dx));
        return { inputs: [dx] };
      },
    };
  },
  slice: (node, [x], { builder, shape }) => {
    const y = builder.value(shape);
    for (const { of, to } of cuts(builder, node, x, y)) builder.reorder(of, to);
    return {
      value: y,
      backward: (dy) => {
        const dx = builder.value(x.shape);
        builder.clear(dx);
        for (const { of, to } of cuts(builder, node, dx, dy)) builder.reorder(to, of);
        return { inputs: [dx] };
      },
    };
  },

  flatten: (_node, [x], site) => reshaped(x, site),
  reshape: (_node, [x], site) => reshaped(x, site),

  dropout: (node, [x], site) => {
    if (!site.training) return reshaped(x, site);
    const { builder } = site;
    const mask = builder.value(x.shape, 'f32');
    builder.kernel([mask], (view) => {
      const values = view(mask);
      return ({ dropout }) => {
        if (dropout) values.set(dropout(node.name, node.rate, values.length));
      };
    });
    return {
      value: binary(builder, ALGORITHM.mul, x, mask),
      backward: (dy) => ({ inputs: [binary(builder, ALGORITHM.mul, dy, mask)] }),
    };
  },

  fakeQuant: (node, [x], site) => fakeQuant(node, x, site),
};

const none: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

function queried(builder: PlanBuilder, description: bigint, what: number): bigint {
  return builder.engine.library.memoryOf(description, what, 0);
}

function summedLike(builder: PlanBuilder, value: Value, shape: readonly number[]): Value {
  if (value.shape.join() === shape.join()) return value;
  const sum = builder.value(shape);
  const [from, to] = [builder.dense(value), builder.dense(sum)];
  builder.run(builder.describe('reduction', ALGORITHM.sum, from.layout, to.layout, 0, 0, 0n), [
    [ARG.src, from],
    [ARG.dst, to],
  ]);
  return sum;
}

interface Window {
  readonly size: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

function pool(
  algorithm: number,
  { size, strides, padding }: Window,
  x: Value,
  { builder, shape, training }: Site,
): Emitted {
  const y = builder.value(shape);
  // A global pool may drop the dimensions that it reduces.
  const from = builder.image(x);
  const to = builder.image(y);
  const { top, left, bottom, right } = padding;
  const window = [strides, size, [0, 0], [top, left], [bottom, right]].map(int64);
  const prop = training ? PROP.forwardTraining : PROP.forwardInference;
  const forward = builder.describe('pooling_forward', prop, algorithm, from.layout, to.layout, ...window, 0n);
  const workspace: [number, Operand][] =
    training && algorithm === ALGORITHM.poolMax
      ? [[ARG.workspace, builder.chosen(queried(builder, forward, QUERY.workspace))]]
      : [];
  builder.run(forward, [[ARG.src, from], [ARG.dst, to], ...workspace]);
  return {
    value: y,
    backward: (dy) => {
      const dx = builder.value(x.shape);
      const [back, slope] = [builder.image(dx), builder.image(dy)];
      const layouts = [back.layout, slope.layout];
      builder.run(builder.describe('pooling_backward', algorithm, ...layouts, ...window, forward, 0n), [
        [ARG.diffDst, slope],
        [ARG.diffSrc, back],
        ...workspace,
      ]);
      return { inputs: [dx] };
    },
  };
}

/** The part of a padded value that isn't padding. */
function inner(builder: PlanBuilder, { pads }: PadNode, padded: Value, x: Value): Operand {
  const strides = rowMajor(padded.shape);
  const offset = pads.reduce((sum, [before], d) => sum + before * strides[d + 1], 0);
  return builder.strided(padded, x.shape, strides, offset);
}

/**
 * The parts of `x` that a slice takes, each with its place in the slice. There are several where a stride goes beyond an
 * odd extent: the last one counts as overlapping the next row then, so it is a part of its own.
 */
function cuts(
  builder: PlanBuilder,
  node: SliceNode,
  x: Value,
  slice: Value,
): readonly { readonly of: Operand; readonly to: Operand }[] {
  const [strides, places] = [rowMajor(x.shape), rowMajor(slice.shape)];
  const steps = strides.map((stride, d) => stride * (d === 0 ? 1 : node.strides[d - 1]));
  const first = node.begin.reduce((sum, begin, d) => sum + begin * strides[d + 1], 0);
  let parts = [{ dims: [...slice.shape], of: first, to: 0 }];
  for (let d = 1; d < steps.length; d++) {
    const extent = slice.shape[d];
    if (extent === 1 || extent * steps[d] <= strides[d - 1]) continue;
    parts = parts.flatMap(({ dims, of, to }) => [
      { dims: dims.with(d, extent - 1), of, to },
      { dims: dims.with(d, 1), of: of + (extent - 1) * steps[d], to: to + (extent - 1) * places[d] },
    ]);
  }
  return parts.map(({ dims, of, to }) => ({
    of: builder.strided(x, dims, steps, of),
    to: builder.strided(slice, dims, places, to),
  }));
}

function reshaped(x: Value, { builder, shape }: Site): Emitted {
  return {
    value: builder.reshaped(x, shape),
    backward: (dy) => ({ inputs: [builder.reshaped(dy, x.shape)] }),
  };
}
