/**
 * The nodes of a graph: one discriminated union, `kind` tells them apart.
 *
 * Layout is NHWC throughout; shapes never name the batch dimension, so an image is `[height, width, channels]` and
 * a feature vector is `[features]`. Convolution weights are HWIO, dense weights are `[inputs, outputs]`.
 * The last dimension of a shape is its channel dimension, always.
 */

import type { Buckets } from './buckets';

/** Dense float32 values in row-major order; `data.length` is the product of `shape`. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Extent of one sample, without the batch dimension: `[h, w, c]` or `[features]`. */
export type Shape = readonly number[];

/** Zero rows and columns added on each side of the spatial extent. "same" is resolved to numbers when a graph is made. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export type Pair = readonly [height: number, width: number];

/**
 * Weights on evenly spaced values: in each bucket on the symmetric grid of `2^bits - 1` values over its `range`. What
 * training does to the ranges: they follow the largest magnitudes, stay, or are learned by gradient.
 */
export interface UniformQuantization {
  readonly kind: 'uniform';
  readonly bits: number;
  readonly buckets: Buckets;
  readonly range: 'observed' | 'fixed' | 'learned';
}

/** Weights that are entries of their bucket's codebook of at most `2^bits` values, and which of the two training moves. */
export interface CodebookQuantization {
  readonly kind: 'codebook';
  readonly bits: number;
  readonly buckets: Buckets;
  readonly train: 'weights' | 'clusters' | 'both';
}

/** How a weight is held to few values. A graph at rest has its weight at such values; one that is to be trained may not. */
export type WeightQuantization = UniformQuantization | CodebookQuantization;

export interface WeightParams {
  readonly weight: Tensor;
  readonly bias?: Tensor;
  /** With uniform quantization: largest magnitude of each bucket, `[buckets]`. */
  readonly range?: Tensor;
  /** With a codebook: `[buckets, entries]`, each row ascending. */
  readonly codebook?: Tensor;
}

interface NodeBase {
  /** Unique within its graph; the name users write under `layers:`. */
  readonly name: string;
  /** Names of the nodes whose outputs this one reads, in order. */
  readonly inputs: readonly string[];
}

export interface InputNode extends NodeBase {
  readonly kind: 'input';
  readonly shape: Shape;
}

/** Cross-correlation. `weight` is `[kh, kw, inChannels / groups, outChannels]`, `bias` is `[outChannels]`. */
export interface Conv2dNode extends NodeBase {
  readonly kind: 'conv2d';
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilations: Pair;
  readonly groups: number;
  readonly params: WeightParams;
  readonly quantization?: WeightQuantization;
}

/** One filter set a channel. `weight` is `[kh, kw, channels, multiplier]`; output channel `c * multiplier + m`. */
export interface DepthwiseConv2dNode extends NodeBase {
  readonly kind: 'depthwiseConv2d';
  readonly strides: Pair;
  readonly padding: Padding;
  readonly dilations: Pair;
  readonly params: WeightParams;
  readonly quantization?: WeightQuantization;
}

/** `y = x W + b` on a `[features]` input; `weight` is `[inputs, outputs]`. */
export interface DenseNode extends NodeBase {
  readonly kind: 'dense';
  readonly params: WeightParams;
  readonly quantization?: WeightQuantization;
}

/** Normalisation over the channel dimension (Ioffe & Szegedy 2015). `variance` is the biased (population) running variance. */
export interface BatchNormNode extends NodeBase {
  readonly kind: 'batchNorm';
  readonly epsilon: number;
  /** Share of the old running statistic kept at each training step: `running = momentum * running + (1 - momentum) * batch`. */
  readonly momentum: number;
  readonly params: {
    readonly gamma: Tensor;
    readonly beta: Tensor;
    readonly mean: Tensor;
    readonly variance: Tensor;
  };
}

export interface ReluNode extends NodeBase {
  readonly kind: 'relu';
}
export interface Relu6Node extends NodeBase {
  readonly kind: 'relu6';
}
export interface LeakyReluNode extends NodeBase {
  readonly kind: 'leakyRelu';
  readonly alpha: number;
}
export interface SigmoidNode extends NodeBase {
  readonly kind: 'sigmoid';
}
export interface TanhNode extends NodeBase {
  readonly kind: 'tanh';
}
/** Softmax over the channel dimension. */
export interface SoftmaxNode extends NodeBase {
  readonly kind: 'softmax';
}

/** Element-wise sum of two equal shapes. */
export interface AddNode extends NodeBase {
  readonly kind: 'add';
}
/** Element-wise product; the second input may be `[1, 1, c]` (a channel gate). */
export interface MulNode extends NodeBase {
  readonly kind: 'mul';
}
/** Concatenation along the channel dimension. */
export interface ConcatNode extends NodeBase {
  readonly kind: 'concat';
}

export interface MaxPoolNode extends NodeBase {
  readonly kind: 'maxPool';
  readonly size: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}
/** Average over the window; padded cells are never counted. */
export interface AvgPoolNode extends NodeBase {
  readonly kind: 'avgPool';
  readonly size: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}
/** Mean over height and width: `[h, w, c]` to `[c]`, or to `[1, 1, c]` with `keepDims`. */
export interface GlobalAvgPoolNode extends NodeBase {
  readonly kind: 'globalAvgPool';
  readonly keepDims: boolean;
}

/** Zero padding; one `[before, after]` pair for each dimension of the input shape, channels included. */
export interface PadNode extends NodeBase {
  readonly kind: 'pad';
  readonly pads: readonly (readonly [before: number, after: number])[];
}
/** Strided slice; output extent of dimension d is `ceil((end[d] - begin[d]) / strides[d])`. */
export interface SliceNode extends NodeBase {
  readonly kind: 'slice';
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
}

/** `[h, w, c]` to `[h * w * c]`, channels fastest. */
export interface FlattenNode extends NodeBase {
  readonly kind: 'flatten';
}
export interface ReshapeNode extends NodeBase {
  readonly kind: 'reshape';
  readonly shape: Shape;
}
/** Inverted dropout (Srivastava et al. 2014); identity outside training. `rate` is the share of values dropped. */
export interface DropoutNode extends NodeBase {
  readonly kind: 'dropout';
  readonly rate: number;
}

/**
 * Rounds to a grid of `2^bits` values over a range that contains 0 (`gridOf`), as integer arithmetic will. `min` and `max`
 * are `[1]`. Its gradient by the input is a definition, for the true one is 0: 1 within the range, 0 outside (the
 * straight-through estimator, Bengio et al. 2013).
 */
export interface FakeQuantNode extends NodeBase {
  readonly kind: 'fakeQuant';
  readonly bits: number;
  /** What training does to the range: nothing, follow what passes by as a moving average, or learn it by gradient. */
  readonly range: 'fixed' | 'observed' | 'learned';
  readonly params: { readonly min: Tensor; readonly max: Tensor };
}

export type Node =
  | InputNode
  | Conv2dNode
  | DepthwiseConv2dNode
  | DenseNode
  | BatchNormNode
  | ReluNode
  | Relu6Node
  | LeakyReluNode
  | SigmoidNode
  | TanhNode
  | SoftmaxNode
  | AddNode
  | MulNode
  | ConcatNode
  | MaxPoolNode
  | AvgPoolNode
  | GlobalAvgPoolNode
  | PadNode
  | SliceNode
  | FlattenNode
  | ReshapeNode
  | DropoutNode
  | FakeQuantNode;

export type OpKind = Node['kind'];
export type NodeOf<K extends OpKind> = Extract<Node, { kind: K }>;

/** A node with parameters. */
export type ParamNode = LayerNode | FakeQuantNode;
/** A node with parameters that count as the model's: what users call a layer. */
export type LayerNode = WeightNode | BatchNormNode;
/** A layer with a weight matrix: what compression works on. */
export type WeightNode = Conv2dNode | DepthwiseConv2dNode | DenseNode;

export function hasParams(node: Node): node is ParamNode {
  return 'params' in node;
}

export function isLayer(node: Node): node is LayerNode {
  return hasWeight(node) || node.kind === 'batchNorm';
}

export function hasWeight(node: Node): node is WeightNode {
  return node.kind === 'conv2d' || node.kind === 'depthwiseConv2d' || node.kind === 'dense';
}

/**
 * A table with one entry for each op. Every consumer of a graph (shape, cost, coupling, executor, writer) is one, so a
 * new op does not compile until each consumer knows it.
 */
export type OpTable<Args extends unknown[], Result> = {
  readonly [K in OpKind]: (node: NodeOf<K>, ...args: Args) => Result;
};

/** Calls the entry of `table` for `node`'s kind. */
export function dispatch<Args extends unknown[], Result>(
  table: OpTable<Args, Result>,
  node: Node,
  ...args: Args
): Result {
  // A mapped lookup can't be correlated with its key by the compiler (TypeScript issue 30581), hence the one cast.
  const entry = table[node.kind] as (node: Node, ...args: Args) => Result;
  return entry(node, ...args);
}
