import { makeGraph, type Graph } from './graph';
import type { FakeQuantNode, Node, Padding, Pair, Shape, Tensor } from './node';
import { Random } from './random';
import { inferShapes, size } from './shape';

export interface ConvOptions {
  readonly name: string;
  readonly kernel: number | Pair;
  readonly strides?: number | Pair;
  /** `same` as TensorFlow counts it: output extent `ceil(input / stride)`, an odd cell goes to the bottom and right. */
  readonly padding?: 'same' | 'valid' | number | Padding;
  readonly dilations?: number | Pair;
  /** Default true. */
  readonly bias?: boolean;
}

export interface PoolOptions {
  readonly name?: string;
  readonly size: number | Pair;
  /** Default: the window's size. */
  readonly strides?: number | Pair;
  readonly padding?: ConvOptions['padding'];
}

/**
 * Builds a graph node by node. Every method adds a node that reads the named ones and gives back its name. Weights are
 * He normal over fan-in (He et al. 2015), biases 0, batch norm the identity.
 */
export class GraphBuilder {
  private readonly nodes: Node[] = [];
  private readonly shapes = new Map<string, Shape>();
  private readonly random: Random;

  constructor(
    private readonly name: string,
    seed = 0,
  ) {
    this.random = new Random(seed);
  }

  shapeOf(node: string): Shape {
    const shape = this.shapes.get(node);
    if (!shape) throw new Error(`there is no node "${node}" yet`);
    return shape;
  }

  input(shape: Shape, name = 'input'): string {
    return this.push({ kind: 'input', name, inputs: [], shape });
  }

  conv2d(x: string, options: ConvOptions & { filters: number; groups?: number }): string {
    const { name, filters, groups = 1 } = options;
    const [kh, kw] = pair(options.kernel);
    const channels = this.shapeOf(x)[2] / groups;
    const weight = this.heNormal([kh, kw, channels, filters], kh * kw * channels);
    const params = options.bias === false ? { weight } : { weight, bias: zeros(filters) };
    return this.push({ kind: 'conv2d', name, inputs: [x], ...this.window(x, [kh, kw], options), groups, params });
  }

  depthwiseConv2d(x: string, options: ConvOptions & { multiplier?: number }): string {
    const { name, multiplier = 1 } = options;
    const [kh, kw] = pair(options.kernel);
    const channels = this.shapeOf(x)[2];
    const weight = this.heNormal([kh, kw, channels, multiplier], kh * kw);
    const params = options.bias === false ? { weight } : { weight, bias: zeros(channels * multiplier) };
    return this.push({ kind: 'depthwiseConv2d', name, inputs: [x], ...this.window(x, [kh, kw], options), params });
  }

  dense(x: string, options: { name: string; units: number; bias?: boolean }): string {
    const features = this.shapeOf(x)[0];
    const weight = this.heNormal([features, options.units], features);
    const params = options.bias === false ? { weight } : { weight, bias: zeros(options.units) };
    return this.push({ kind: 'dense', name: options.name, inputs: [x], params });
  }

  batchNorm(x: string, options: { name: string; epsilon?: number; momentum?: number }): string {
    const channels = this.shapeOf(x).at(-1) ?? 0;
    const params = { gamma: ones(channels), beta: zeros(channels), mean: zeros(channels), variance: ones(channels) };
    const { name, epsilon = 1e-5, momentum = 0.9 } = options;
    return this.push({ kind: 'batchNorm', name, inputs: [x], epsilon, momentum, params });
  }

  relu(x: string, name = this.auto('relu')): string {
    return this.push({ kind: 'relu', name, inputs: [x] });
  }
  relu6(x: string, name = this.auto('relu6')): string {
    return this.push({ kind: 'relu6', name, inputs: [x] });
  }
  leakyRelu(x: string, alpha = 0.01, name = this.auto('leakyRelu')): string {
    return this.push({ kind: 'leakyRelu', name, inputs: [x], alpha });
  }
  sigmoid(x: string, name = this.auto('sigmoid')): string {
    return this.push({ kind: 'sigmoid', name, inputs: [x] });
  }
  tanh(x: string, name = this.auto('tanh')): string {
    return this.push({ kind: 'tanh', name, inputs: [x] });
  }
  softmax(x: string, name = this.auto('softmax')): string {
    return this.push({ kind: 'softmax', name, inputs: [x] });
  }

  add(a: string, b: string, name = this.auto('add')): string {
    return this.push({ kind: 'add', name, inputs: [a, b] });
  }
  mul(a: string, b: string, name = this.auto('mul')): string {
    return this.push({ kind: 'mul', name, inputs: [a, b] });
  }
  concat(inputs: readonly string[], name = this.auto('concat')): string {
    return this.push({ kind: 'concat', name, inputs });
  }

  maxPool(x: string, options: PoolOptions): string {
    return this.pool('maxPool', x, options);
  }
  avgPool(x: string, options: PoolOptions): string {
    return this.pool('avgPool', x, options);
  }
  globalAvgPool(x: string, keepDims = false, name = this.auto('globalAvgPool')): string {
    return this.push({ kind: 'globalAvgPool', name, inputs: [x], keepDims });
  }

  pad(x: string, pads: readonly (readonly [number, number])[], name = this.auto('pad')): string {
    return this.push({ kind: 'pad', name, inputs: [x], pads });
  }
  slice(
    x: string,
    range: { begin?: readonly number[]; end?: readonly number[]; strides?: readonly number[] },
    name = this.auto('slice'),
  ): string {
    const shape = this.shapeOf(x);
    const { begin = shape.map(() => 0), end = shape, strides = shape.map(() => 1) } = range;
    return this.push({ kind: 'slice', name, inputs: [x], begin, end, strides });
  }

  flatten(x: string, name = this.auto('flatten')): string {
    return this.push({ kind: 'flatten', name, inputs: [x] });
  }
  reshape(x: string, shape: Shape, name = this.auto('reshape')): string {
    return this.push({ kind: 'reshape', name, inputs: [x], shape });
  }
  dropout(x: string, rate: number, name = this.auto('dropout')): string {
    return this.push({ kind: 'dropout', name, inputs: [x], rate });
  }
  fakeQuant(
    x: string,
    {
      min,
      max,
      bits = 8,
      range = 'fixed',
    }: { min: number; max: number; bits?: number; range?: FakeQuantNode['range'] },
    name = this.auto('fakeQuant'),
  ): string {
    const params = { min: scalar(min), max: scalar(max) };
    return this.push({ kind: 'fakeQuant', name, inputs: [x], bits, range, params });
  }

  build(output: string, heads: readonly string[] = []): Graph {
    return makeGraph(this.name, this.nodes, output, heads);
  }

  private push(node: Node): string {
    this.nodes.push(node);
    // Inferring from the inputs alone keeps building linear in the number of nodes.
    const known = node.inputs.map((name): Node => ({ kind: 'input', name, inputs: [], shape: this.shapeOf(name) }));
    const unique = [...new Map(known.map((input) => [input.name, input])).values()];
    const shape = inferShapes({ name: this.name, nodes: [...unique, node], output: node.name }).get(node.name);
    this.shapes.set(node.name, shape ?? []);
    return node.name;
  }

  private pool(kind: 'maxPool' | 'avgPool', x: string, options: PoolOptions): string {
    const size = pair(options.size);
    const { strides, padding } = this.window(x, size, { ...options, strides: options.strides ?? size });
    return this.push({ kind, name: options.name ?? this.auto(kind), inputs: [x], size, strides, padding });
  }

  private window(x: string, kernel: Pair, options: Pick<ConvOptions, 'strides' | 'padding' | 'dilations'>) {
    const strides = pair(options.strides ?? 1);
    const dilations = pair(options.dilations ?? 1);
    const shape = this.shapeOf(x);
    return {
      strides,
      dilations,
      padding: resolvePadding(options.padding ?? 'valid', shape, kernel, strides, dilations),
    };
  }

  private heNormal(shape: readonly number[], fanIn: number): Tensor {
    return heNormal(shape, fanIn, this.random);
  }

  private auto(kind: string): string {
    for (let i = 1; ; i++) if (!this.shapes.has(`${kind}${i}`)) return `${kind}${i}`;
  }
}

/** Normal with variance `2 / fanIn` (He et al. 2015, eq. 10). */
export function heNormal(shape: readonly number[], fanIn: number, random: Random): Tensor {
  const std = Math.sqrt(2 / fanIn);
  return { shape, data: Float32Array.from({ length: size(shape) }, () => std * random.normal()) };
}

/** Turns `same`, `valid` or one number for all sides into rows and columns. */
export function resolvePadding(
  padding: NonNullable<ConvOptions['padding']>,
  [height, width]: Shape,
  kernel: Pair,
  strides: Pair,
  dilations: Pair = [1, 1],
): Padding {
  if (typeof padding === 'object') return padding;
  if (padding === 'valid') return { top: 0, bottom: 0, left: 0, right: 0 };
  if (padding !== 'same') return { top: padding, bottom: padding, left: padding, right: padding };
  const total = (extent: number, d: 0 | 1) => {
    const span = (kernel[d] - 1) * dilations[d] + 1;
    return Math.max((Math.ceil(extent / strides[d]) - 1) * strides[d] + span - extent, 0);
  };
  const [rows, columns] = [total(height, 0), total(width, 1)];
  const [top, left] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  return { top, bottom: rows - top, left, right: columns - left };
}

function pair(value: number | Pair): Pair {
  return typeof value === 'number' ? [value, value] : value;
}

function scalar(value: number): Tensor {
  return { shape: [1], data: Float32Array.of(value) };
}

function zeros(length: number): Tensor {
  return { shape: [length], data: new Float32Array(length) };
}

function ones(length: number): Tensor {
  return { shape: [length], data: new Float32Array(length).fill(1) };
}
