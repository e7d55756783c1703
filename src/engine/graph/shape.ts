import { bucketCount } from './buckets';
import { GraphError, type Graph } from './graph';
import {
  dispatch,
  type AvgPoolNode,
  type MaxPoolNode,
  type OpKind,
  type OpTable,
  type Padding,
  type Pair,
  type Shape,
  type Tensor,
  type WeightNode,
} from './node';

/**
 * Shape of every node's output for one sample, by node name.
 * @throws GraphError naming the node whose inputs or parameters don't fit.
 */
export function inferShapes(graph: Graph): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => shapes.get(name) ?? []);
    const fail: Fail = (message) => {
      throw new GraphError(message, node.name);
    };
    const wanted = inputCount(node.kind, inputs.length);
    if (inputs.length !== wanted) fail(`reads ${inputs.length} nodes, ${node.kind} reads ${wanted}`);
    shapes.set(node.name, dispatch(table, node, inputs, fail));
  }
  return shapes;
}

/** How many nodes an op reads: concat any number from 1. */
function inputCount(kind: OpKind, given: number): number {
  if (kind === 'input') return 0;
  if (kind === 'concat') return Math.max(given, 1);
  return kind === 'add' || kind === 'mul' ? 2 : 1;
}

type Fail = (message: string) => never;
type Infer = OpTable<[inputs: readonly Shape[], fail: Fail], Shape>;

const same = (_node: unknown, [input]: readonly Shape[]): Shape => input;

const table: Infer = {
  input: (node, _inputs, fail) =>
    node.shape.length > 0 && node.shape.every((extent) => isWhole(extent, 1))
      ? node.shape
      : fail(
          `the input shape ${show(node.shape)} must be [height, width, channels] or [features], whole numbers from 1`,
        ),
  conv2d: (node, [input], fail) => {
    const channels = image(input, fail)[2];
    const outputs = node.params.weight.shape[3];
    if (!isWhole(node.groups, 1) || channels % node.groups !== 0 || outputs % node.groups !== 0) {
      fail(`${node.groups} groups don't divide ${channels} input and ${outputs} output channels`);
    }
    const [, , perGroup, filters] = rank(node.params.weight, 4, 'weight', fail);
    if (channels / node.groups !== perGroup) {
      fail(`its weight reads ${perGroup * node.groups} channels, its input has ${channels}`);
    }
    vector(node.params.bias, filters, 'bias', fail);
    checkQuantization(node, fail);
    return [...window(input, kernel(node.params.weight), node.strides, node.padding, node.dilations, fail), filters];
  },
  depthwiseConv2d: (node, [input], fail) => {
    const given = image(input, fail)[2];
    const [, , channels, multiplier] = rank(node.params.weight, 4, 'weight', fail);
    if (given !== channels) fail(`its weight reads ${channels} channels, its input has ${given}`);
    vector(node.params.bias, channels * multiplier, 'bias', fail);
    checkQuantization(node, fail);
    const extent = window(input, kernel(node.params.weight), node.strides, node.padding, node.dilations, fail);
    return [...extent, channels * multiplier];
  },
  dense: (node, [input], fail) => {
    if (input.length !== 1) fail(`reads a vector, its input is ${show(input)}: put a flatten before it`);
    const [features, units] = rank(node.params.weight, 2, 'weight', fail);
    if (input[0] !== features) fail(`its weight reads ${features} features, its input has ${input[0]}`);
    vector(node.params.bias, units, 'bias', fail);
    checkQuantization(node, fail);
    return [units];
  },
  batchNorm: (node, [input], fail) => {
    const channels = input[input.length - 1];
    for (const param of ['gamma', 'beta', 'mean', 'variance'] as const) {
      vector(node.params[param], channels, param, fail);
    }
    return input;
  },
  relu: same,
  relu6: same,
  leakyRelu: same,
  sigmoid: same,
  tanh: same,
  softmax: same,
  dropout: same,
  fakeQuant: ({ bits, params: { min, max } }, [input], fail) => {
    if (!isWhole(bits, 1) || bits > 16) fail(`has ${bits} bits: a whole number from 1 to 16`);
    vector(min, 1, 'min', fail);
    vector(max, 1, 'max', fail);
    if (!(min.data[0] <= 0 && max.data[0] >= 0)) fail(`its range ${min.data[0]} to ${max.data[0]} leaves 0 out`);
    return input;
  },
  add: (_node, [a, b], fail) =>
    show(a) === show(b) ? a : fail(`adds ${show(a)} and ${show(b)}: shapes must be equal`),
  mul: (_node, [a, b], fail) => {
    const gate = a.length === 3 && b.length === 3 && b[0] === 1 && b[1] === 1 && b[2] === a[2];
    return gate || show(a) === show(b)
      ? a
      : fail(`multiplies ${show(a)} by ${show(b)}: shapes must be equal, or [1, 1, c]`);
  },
  concat: (_node, inputs, fail) => {
    const spatial = (shape: Shape) => show(shape.slice(0, -1));
    const odd = inputs.find((shape) => spatial(shape) !== spatial(inputs[0]));
    if (odd) fail(`joins ${show(inputs[0])} and ${show(odd)}: only the last dimension may differ`);
    return [...inputs[0].slice(0, -1), inputs.reduce((sum, shape) => sum + shape[shape.length - 1], 0)];
  },
  maxPool: (node, [input], fail) => pool(node, input, fail),
  avgPool: (node, [input], fail) => pool(node, input, fail),
  globalAvgPool: (node, [input], fail) => {
    const channels = image(input, fail)[2];
    return node.keepDims ? [1, 1, channels] : [channels];
  },
  pad: (node, [input], fail) => {
    if (node.pads.length !== input.length) fail(`has ${node.pads.length} pads for an input of shape ${show(input)}`);
    if (!node.pads.flat().every((width) => isWhole(width, 0))) {
      fail(`pads by ${JSON.stringify(node.pads)}: widths are whole numbers from 0`);
    }
    return input.map((extent, d) => extent + node.pads[d][0] + node.pads[d][1]);
  },
  slice: (node, [input], fail) => {
    if (
      node.begin.length !== input.length ||
      node.end.length !== input.length ||
      node.strides.length !== input.length
    ) {
      fail(`slices ${node.begin.length} dimensions of an input of shape ${show(input)}`);
    }
    return input.map((extent, d) => {
      const [begin, end, stride] = [node.begin[d], node.end[d], node.strides[d]];
      if (!isWhole(begin, 0) || !isWhole(end, begin + 1) || end > extent || !isWhole(stride, 1)) {
        fail(`slices [${begin}, ${end}) by ${stride} out of ${extent} in dimension ${d}`);
      }
      return Math.ceil((end - begin) / stride);
    });
  },
  flatten: (_node, [input]) => [size(input)],
  reshape: (node, [input], fail) =>
    node.shape.every((extent) => isWhole(extent, 1)) && size(node.shape) === size(input)
      ? node.shape
      : fail(`can't turn ${show(input)} into ${show(node.shape)}`),
};

/** Values in one sample of this shape. */
export function size(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function show(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

function isWhole(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least;
}

function image(input: Shape, fail: Fail): Shape {
  return input.length === 3 ? input : fail(`reads [height, width, channels], its input is ${show(input)}`);
}

function kernel(weight: Tensor): Pair {
  return [weight.shape[0], weight.shape[1]];
}

function rank(tensor: Tensor, dimensions: number, param: string, fail: Fail): readonly number[] {
  if (tensor.shape.length !== dimensions)
    fail(`its ${param} has shape ${show(tensor.shape)}, not ${dimensions} dimensions`);
  if (!tensor.shape.every((extent) => isWhole(extent, 1))) {
    fail(`its ${param} has shape ${show(tensor.shape)}: extents are whole numbers from 1`);
  }
  if (tensor.data.length !== size(tensor.shape)) {
    fail(`its ${param} has ${tensor.data.length} values, its shape ${show(tensor.shape)} needs ${size(tensor.shape)}`);
  }
  return tensor.shape;
}

function vector(tensor: Tensor | undefined, length: number, param: string, fail: Fail): void {
  if (tensor && rank(tensor, 1, param, fail)[0] !== length) {
    fail(`its ${param} has ${tensor.shape[0]} values for ${length} channels`);
  }
}

function checkQuantization(node: WeightNode, fail: Fail): void {
  const { quantization, params } = node;
  if (!quantization) return;
  const buckets = bucketCount(node, quantization.buckets);
  const [name, tensor] =
    quantization.kind === 'uniform' ? (['range', params.range] as const) : (['codebook', params.codebook] as const);
  if (tensor?.shape[0] !== buckets) {
    fail(`its ${name} is for ${tensor?.shape[0] ?? 0} buckets of weights, of ${buckets}`);
  }
}

function pool({ size, strides, padding }: MaxPoolNode | AvgPoolNode, input: Shape, fail: Fail): Shape {
  const { top, bottom, left, right } = padding;
  if (Math.max(top, bottom) >= size[0] || Math.max(left, right) >= size[1]) {
    fail(`its padding is as wide as its ${size.join('x')} window, which could then see padding alone`);
  }
  return [...window(input, size, strides, padding, [1, 1], fail), input[2]];
}

function window(input: Shape, kernel: Pair, strides: Pair, padding: Padding, dilations: Pair, fail: Fail): Pair {
  const [height, width] = image(input, fail);
  if (![...kernel, ...strides, ...dilations].every((extent) => isWhole(extent, 1))) {
    fail(
      `its window ${show(kernel)}, strides ${show(strides)} and dilations ${show(dilations)} must be whole numbers from 1`,
    );
  }
  if (![padding.top, padding.bottom, padding.left, padding.right].every((width) => isWhole(width, 0)))
    fail('its padding must be whole numbers from 0');
  const out = (extent: number, before: number, after: number, d: 0 | 1): number => {
    const span = (kernel[d] - 1) * dilations[d] + 1;
    const padded = extent + before + after;
    if (padded < span) fail(`its window spans ${span}, the padded input is only ${padded}`);
    return Math.floor((padded - span) / strides[d]) + 1;
  };
  return [out(height, padding.top, padding.bottom, 0), out(width, padding.left, padding.right, 1)];
}
