import type { Conv2dNode, DenseNode, DepthwiseConv2dNode } from '../../graph/node';
import { ALGORITHM, ARG, PROP, QUERY } from './codes';
import { reluGradient } from './elementwise';
import { int64 } from './engine';
import type { Handle } from './library';
import type { Operand, Value } from './plan';
import type { Emitted, Site, Slopes, Wanted } from './site';

/** How oneDNN sees a weight of ours: `[groups,] outputs, inputs, height, width`, by strides over HWIO. */
interface WeightView {
  readonly dims: readonly number[];
  readonly strides: readonly number[];
}

function weightView(node: Conv2dNode | DepthwiseConv2dNode): WeightView {
  const [height, width, inputs, outputs] = node.params.weight.shape;
  const cells = [width * inputs * outputs, inputs * outputs];
  if (node.kind === 'depthwiseConv2d') {
    return { dims: [inputs, outputs, 1, height, width], strides: [outputs, 1, inputs * outputs, ...cells] };
  }
  const { groups } = node;
  return groups === 1
    ? { dims: [outputs, inputs, height, width], strides: [1, outputs, ...cells] }
    : {
        dims: [groups, outputs / groups, inputs, height, width],
        strides: [outputs / groups, 1, outputs, ...cells],
      };
}

export function convolution(node: Conv2dNode | DepthwiseConv2dNode, x: Value, site: Site): Emitted {
  const { top, left, bottom, right } = node.padding;
  const dilations = node.dilations.map((dilation) => dilation - 1);
  const window = [node.strides, dilations, [top, left], [bottom, right]].map(int64);
  return weighted(node, x, site, {
    name: 'convolution',
    view: weightView(node),
    see: (value) => site.builder.image(value),
    algorithm: [ALGORITHM.direct],
    window,
    outputType: site.builder.type,
  });
}

export function dense(node: DenseNode, x: Value, site: Site): Emitted {
  const [inputs, outputs] = node.params.weight.shape;
  return weighted(node, x, site, {
    name: 'inner_product',
    view: { dims: [outputs, inputs], strides: [1, outputs] },
    see: (value) => site.builder.dense(value),
    algorithm: [],
    window: [],
    // Logits come from here.
    outputType: 'f32',
  });
}

interface Kind {
  readonly name: 'convolution' | 'inner_product';
  readonly view: WeightView;
  /** A value in the order of dimensions that the primitive takes. */
  readonly see: (value: Value) => Operand;
  readonly algorithm: readonly number[];
  readonly window: readonly BigInt64Array[];
  readonly outputType: Value['type'];
}

/** What convolutions and dense layers share; they differ in the arguments that a convolution has besides. */
function weighted(node: Conv2dNode | DepthwiseConv2dNode | DenseNode, x: Value, site: Site, kind: Kind): Emitted {
  const { builder, relu } = site;
  const { name, view, see, algorithm, window } = kind;
  const weight = builder.strided(site.parameter(node, 'weight'), view.dims, view.strides);
  const bias = node.params.bias ? builder.dense(site.parameter(node, 'bias')) : undefined;
  const y = builder.value(site.shape, kind.outputType);
  const [from, to, any] = [see(x), see(y), builder.anyLayout(view.dims, builder.type)];
  const prop = site.training ? PROP.forwardTraining : PROP.forwardInference;
  const sum = site.sum && see(site.sum);
  const attributes = builder.followedBy({ relu, ...(sum && { sum }) });
  const describeForward = (after: Handle) =>
    builder.describe(
      `${name}_forward`,
      ...[prop, ...algorithm, from.layout, any, bias?.layout ?? 0n, to.layout, ...window, after],
    );
  const forward = describeForward(attributes);
  const chosen = (description: Handle, what: number) => builder.engine.library.memoryOf(description, what, 0);
  builder.run(forward, [
    [ARG.src, from],
    [ARG.weights, builder.prepare(weight, chosen(forward, QUERY.weights))],
    ...(bias ? [[ARG.bias, bias] as const] : []),
    ...(sum ? [[ARG.followingSrc1, sum] as const] : []),
    [ARG.dst, to],
  ]);

  const inputGradient = (dy: Operand, hint: Handle): Value => {
    const dx = builder.value(x.shape);
    const back = see(dx);
    const layouts = [back.layout, any, dy.layout];
    const backward = builder.describe(`${name}_backward_data`, ...[...algorithm, ...layouts, ...window, hint, 0n]);
    builder.run(backward, [
      [ARG.diffDst, dy],
      [ARG.weights, builder.prepare(weight, chosen(backward, QUERY.weights))],
      [ARG.diffSrc, back],
    ]);
    return dx;
  };
  const paramGradients = (dy: Operand, hint: Handle): Record<string, Value> => {
    const dWeight = builder.pinned(node.params.weight.shape);
    const dBias = node.params.bias && builder.pinned(node.params.bias.shape);
    const biasBack = dBias && builder.dense(dBias);
    const anyGradient = builder.anyLayout(view.dims, 'f32');
    const backward = builder.describe(
      `${name}_backward_weights`,
      ...[...algorithm, from.layout, anyGradient, biasBack?.layout ?? 0n, dy.layout, ...window, hint, 0n],
    );
    const own = builder.chosen(chosen(backward, QUERY.diffWeights));
    builder.run(backward, [
      [ARG.src, from],
      [ARG.diffDst, dy],
      [ARG.diffWeights, own],
      ...(biasBack ? [[ARG.diffBias, biasBack] as const] : []),
    ]);
    builder.reorder(own, builder.strided(dWeight, view.dims, view.strides));
    return { weight: dWeight, ...(dBias && { bias: dBias }) };
  };
  return {
    value: y,
    backward: (slope: Value, { inputs, params }: Wanted): Slopes => {
      const dy = see(relu ? reluGradient(builder, builder.native(y), slope) : slope);
      // The way back is described by the plain forward, without what follows it.
      const plain = relu || kind.outputType !== builder.type ? hintFor(dy) : forward;
      return {
        inputs: [inputs[0] ? inputGradient(dy, plain) : undefined],
        params: params.size > 0 ? paramGradients(dy, plain) : {},
      };
    },
  };

  function hintFor(dy: Operand): Handle {
    return builder.describe(
      `${name}_forward`,
      ...[prop, ...algorithm, from.layout, any, bias?.layout ?? 0n, dy.layout, ...window, 0n],
    );
  }
}
