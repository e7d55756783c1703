import { ALGORITHM, ARG, PROP } from './codes';
import type { Value } from './plan';
import type { PlanBuilder } from './plan-builder';
import type { Emitted } from './site';

interface Elementwise {
  readonly forward: number;
  /** The algorithm whose gradient reads the output instead of the input, where there is one. */
  readonly byOutput?: number;
  readonly alpha?: number;
  readonly beta?: number;
}

/** Applies a function to every number. */
export function elementwise(
  builder: PlanBuilder,
  x: Value,
  { forward, byOutput, alpha = 0, beta = 0 }: Elementwise,
): Emitted {
  const y = builder.value(x.shape);
  const [from, to] = [builder.dense(x), builder.dense(y)];
  const algorithm = byOutput ?? forward;
  const { forwardTraining } = PROP;
  const describe = [forwardTraining, algorithm, from.layout, to.layout, alpha, beta, 0n];
  builder.run(builder.describe('eltwise_forward', ...describe), [
    [ARG.src, from],
    [ARG.dst, to],
  ]);
  return {
    value: y,
    backward: (dy) => ({
      inputs: [elementwiseGradient(builder, byOutput ? y : x, dy, algorithm, !byOutput, alpha, beta)],
    }),
  };
}

/** `data` is the op's input, or its output. */
function elementwiseGradient(
  builder: PlanBuilder,
  data: Value,
  dy: Value,
  algorithm: number,
  byInput: boolean,
  alpha = 0,
  beta = 0,
): Value {
  const dx = builder.value(data.shape);
  const [known, slope, back] = [data, dy, dx].map((value) => builder.dense(value));
  const { layout } = known;
  const hint = builder.describe('eltwise_forward', PROP.forwardTraining, algorithm, layout, layout, alpha, beta, 0n);
  const layouts = [back.layout, slope.layout, layout];
  builder.run(builder.describe('eltwise_backward', algorithm, ...layouts, alpha, beta, hint, 0n), [
    [byInput ? ARG.src : ARG.dst, known],
    [ARG.diffDst, slope],
    [ARG.diffSrc, back],
  ]);
  return dx;
}

/** Gradient of a relu by its output. */
export function reluGradient(builder: PlanBuilder, y: Value, dy: Value): Value {
  return elementwiseGradient(builder, y, dy, ALGORITHM.reluByOutput, false);
}

/** The second operand may be spread over height and width. */
export function binary(builder: PlanBuilder, algorithm: number, a: Value, b: Value, relu = false): Value {
  const y = builder.value(a.shape);
  const [first, second, to] = [a, b, y].map((value) => builder.dense(value));
  const attributes = builder.followedBy({ relu });
  builder.run(builder.describe('binary', algorithm, first.layout, second.layout, to.layout, attributes), [
    [ARG.src, first],
    [ARG.src1, second],
    [ARG.dst, to],
  ]);
  return y;
}
