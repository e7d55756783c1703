import { gridOf, snap } from '../../src/engine/graph/fake-quant';
import { findNode, type Graph } from '../../src/engine/graph/graph';
import {
  dispatch,
  type Conv2dNode,
  type DepthwiseConv2dNode,
  type OpTable,
  type Padding,
  type Pair,
  type Shape,
} from '../../src/engine/graph/node';
import { inferShapes, size } from '../../src/engine/graph/shape';

/** Values of one sample and their shape. */
interface Value {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/**
 * Runs a graph on one sample with plain loops in double precision, dropout off and batch norm on running statistics:
 * slow, and simple enough to be seen right. Gives every node's output.
 */
export function referenceForward(graph: Graph, sample: ArrayLike<number>): ReadonlyMap<string, Float64Array> {
  const shapes = inferShapes(graph);
  const values = new Map<string, Value>();
  for (const node of graph.nodes) {
    const shape = shapes.get(node.name) as Shape;
    const inputs = node.inputs.map((name) => values.get(name) as Value);
    const data =
      node.kind === 'input'
        ? Float64Array.from(sample)
        : dispatch(table, node, inputs, new Float64Array(size(shape)), shape);
    values.set(node.name, { shape, data });
  }
  return new Map([...values].map(([name, value]) => [name, value.data]));
}

/** The model's output for one sample. */
export function referenceOutput(graph: Graph, sample: ArrayLike<number>): Float64Array {
  return referenceForward(graph, sample).get(findNode(graph, graph.output).name) as Float64Array;
}

type Run = OpTable<[inputs: readonly Value[], out: Float64Array, shape: Shape], Float64Array>;

const each =
  (f: (value: number) => number) =>
  (_node: unknown, [x]: readonly Value[]): Float64Array =>
    x.data.map((value) => f(value));

const table: Run = {
  input: (_node, _inputs, out) => out,
  conv2d: (node, [x], out, [, , filters]) => {
    const perGroup = filters / node.groups;
    const weight = node.params.weight;
    const channels = weight.shape[2];
    conv(node, x, out, filters, (o, i, j, at) => {
      const first = Math.floor(o / perGroup) * channels;
      let sum = 0;
      for (let c = 0; c < channels; c++) {
        sum += x.data[at + first + c] * weight.data[((i * weight.shape[1] + j) * channels + c) * filters + o];
      }
      return sum;
    });
    return out;
  },
  depthwiseConv2d: (node, [x], out, [, , filters]) => {
    const { shape, data } = node.params.weight;
    conv(node, x, out, filters, (o, i, j, at) => {
      const channel = Math.floor(o / shape[3]);
      return x.data[at + channel] * data[((i * shape[1] + j) * shape[2] + channel) * shape[3] + (o % shape[3])];
    });
    return out;
  },
  dense: (node, [x], out, [units]) => {
    for (let u = 0; u < units; u++) {
      out[u] = node.params.bias?.data[u] ?? 0;
      for (let f = 0; f < x.data.length; f++) out[u] += x.data[f] * node.params.weight.data[f * units + u];
    }
    return out;
  },
  batchNorm: (node, [x], out) => {
    const { gamma, beta, mean, variance } = node.params;
    const channels = gamma.data.length;
    for (let i = 0; i < out.length; i++) {
      const c = i % channels;
      out[i] = ((x.data[i] - mean.data[c]) / Math.sqrt(variance.data[c] + node.epsilon)) * gamma.data[c] + beta.data[c];
    }
    return out;
  },
  relu: each((value) => Math.max(value, 0)),
  relu6: each((value) => Math.min(Math.max(value, 0), 6)),
  leakyRelu: (node, inputs) => each((value) => (value < 0 ? node.alpha * value : value))(node, inputs),
  sigmoid: each((value) => 1 / (1 + Math.exp(-value))),
  tanh: each(Math.tanh),
  dropout: each((value) => value),
  fakeQuant: ({ bits, params: { min, max } }, [x]) => {
    const grid = gridOf(min.data[0], max.data[0], bits);
    return x.data.map((value) => snap(Math.fround(value), grid));
  },
  flatten: each((value) => value),
  reshape: each((value) => value),
  softmax: (_node, [x], out, shape) => {
    const channels = shape[shape.length - 1];
    for (let start = 0; start < out.length; start += channels) {
      const row = x.data.subarray(start, start + channels);
      const max = Math.max(...row);
      const total = row.reduce((sum, value) => sum + Math.exp(value - max), 0);
      for (let c = 0; c < channels; c++) out[start + c] = Math.exp(row[c] - max) / total;
    }
    return out;
  },
  add: (_node, [a, b]) => a.data.map((value, i) => value + b.data[i]),
  mul: (_node, [a, b]) =>
    a.data.map((value, i) => value * b.data[b.data.length === a.data.length ? i : i % b.data.length]),
  concat: (_node, inputs, out, shape) => {
    const channels = shape[shape.length - 1];
    let offset = 0;
    for (const { data, shape: part } of inputs) {
      const width = part[part.length - 1];
      for (let i = 0; i < data.length; i++) out[Math.floor(i / width) * channels + offset + (i % width)] = data[i];
      offset += width;
    }
    return out;
  },
  maxPool: (node, [x], out, [, , channels]) => {
    out.fill(-Infinity);
    eachWindow(
      node.size,
      node.strides,
      node.padding,
      [1, 1],
      x.shape,
      out.length / channels,
      (position, _i, _j, at) => {
        for (let c = 0; c < channels; c++) {
          out[position * channels + c] = Math.max(out[position * channels + c], x.data[at + c]);
        }
      },
    );
    return out;
  },
  avgPool: (node, [x], out, [, , channels]) => {
    const counts = new Float64Array(out.length / channels);
    eachWindow(node.size, node.strides, node.padding, [1, 1], x.shape, counts.length, (position, _i, _j, at) => {
      counts[position]++;
      for (let c = 0; c < channels; c++) out[position * channels + c] += x.data[at + c];
    });
    return out.map((sum, i) => sum / counts[Math.floor(i / channels)]);
  },
  globalAvgPool: (_node, [x], out) => {
    const channels = out.length;
    for (let i = 0; i < x.data.length; i++) out[i % channels] += (x.data[i] * channels) / x.data.length;
    return out;
  },
  pad: (node, [x], out, shape) => {
    scatter(x.shape, (coordinates, i) => {
      out[
        flat(
          coordinates.map((at, d) => at + node.pads[d][0]),
          shape,
        )
      ] = x.data[i];
    });
    return out;
  },
  slice: (node, [x], out, shape) => {
    scatter(shape, (coordinates, i) => {
      out[i] =
        x.data[
          flat(
            coordinates.map((at, d) => node.begin[d] + at * node.strides[d]),
            x.shape,
          )
        ];
    });
    return out;
  },
};

function conv(
  node: Conv2dNode | DepthwiseConv2dNode,
  x: Value,
  out: Float64Array,
  filters: number,
  tap: (filter: number, i: number, j: number, at: number) => number,
): void {
  const kernel: Pair = [node.params.weight.shape[0], node.params.weight.shape[1]];
  const bias = node.params.bias?.data;
  if (bias) for (let i = 0; i < out.length; i++) out[i] = bias[i % filters];
  eachWindow(
    kernel,
    node.strides,
    node.padding,
    node.dilations,
    x.shape,
    out.length / filters,
    (position, i, j, at) => {
      for (let o = 0; o < filters; o++) out[position * filters + o] += tap(o, i, j, at);
    },
  );
}

/** Calls `visit` for each output position and each cell of its window that lies within the input. */
function eachWindow(
  kernel: Pair,
  strides: Pair,
  padding: Padding,
  dilations: Pair,
  [height, width, channels]: Shape,
  positions: number,
  visit: (position: number, i: number, j: number, at: number) => void,
): void {
  const span = (kernel[1] - 1) * dilations[1] + 1;
  const outWidth = Math.floor((width + padding.left + padding.right - span) / strides[1]) + 1;
  for (let position = 0; position < positions; position++) {
    for (let i = 0; i < kernel[0]; i++) {
      for (let j = 0; j < kernel[1]; j++) {
        const y = Math.floor(position / outWidth) * strides[0] - padding.top + i * dilations[0];
        const x = (position % outWidth) * strides[1] - padding.left + j * dilations[1];
        if (y >= 0 && y < height && x >= 0 && x < width) visit(position, i, j, (y * width + x) * channels);
      }
    }
  }
}

function scatter(shape: Shape, visit: (coordinates: number[], i: number) => void): void {
  for (let i = 0; i < size(shape); i++) {
    let rest = i;
    const coordinates = [...shape].reverse().map((extent) => {
      const at = rest % extent;
      rest = Math.floor(rest / extent);
      return at;
    });
    visit(coordinates.reverse(), i);
  }
}

function flat(coordinates: readonly number[], shape: Shape): number {
  return coordinates.reduce((index, at, d) => index * shape[d] + at, 0);
}
