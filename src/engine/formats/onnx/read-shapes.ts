import type { SliceNode } from '../../graph/node';
import { size } from '../../graph/shape';
import { ModelFileError } from '../model-file-error';
import type { Importer, Value } from './importer';
import { floatAttribute, intAttribute, intsAttribute, stringAttribute, type NodeProto } from './onnx-node';

export function readFlatten(node: NodeProto, importer: Importer): void {
  if (intAttribute(node, 'axis', 1) !== 1) {
    throw new ModelFileError(
      `node "${node.name}" flattens from dimension ${intAttribute(node, 'axis', 1)}; only from 1 is supported`,
    );
  }
  flatten(node, importer, importer.value(node.input[0]));
}

function flatten(node: NodeProto, importer: Importer, input: Value): void {
  const shape = importer.shapeOf(input);
  if (shape.length === 1) {
    importer.setValue(node.output[0], input);
    return;
  }
  // With one pixel or one channel both orders are the same.
  const plain = input.layout === 'nhwc' || shape[2] === 1 || size(shape) === shape[2];
  const name = importer.nameFor(node);
  importer.add({ kind: 'flatten', name, inputs: [input.node] }, node.output[0], plain ? {} : { order: shape });
}

export function readReshape(node: NodeProto, importer: Importer): void {
  const input = importer.value(node.input[0]);
  const before = importer.dimensions(node.input[0]);
  const wanted = [...importer.constant(node.input[1]).data];
  // The batch is free: 0 and -1 leave it as it is, a fixed number is what an exporter saw.
  const rest = wanted.slice(1).map((extent, d) => (extent === 0 ? before[d] : extent));
  const known = rest.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
  const after = rest.map((extent) => (extent === -1 ? size(before) / known : extent));
  if (size(after) !== size(before)) {
    throw new ModelFileError(
      `node "${node.name}" turns [${before.join(', ')}] into [${after.join(', ')}], which mixes samples`,
    );
  }
  if (after.length === 1) return flatten(node, importer, input);
  if (after.join() === before.join()) return importer.setValue(node.output[0], input);
  const add = (shape: readonly number[], layout: Value['layout']) =>
    importer.add({ kind: 'reshape', name: importer.nameFor(node), inputs: [input.node], shape }, node.output[0], {
      layout,
    });
  if (before.length === 1 && !input.order && after.length === 3) {
    // One pixel is the same in both layouts; of more the graph's order is channels last.
    return after[1] === 1 && after[2] === 1 ? add([1, 1, after[0]], 'nchw') : add(after, 'nhwc');
  }
  if (input.layout === 'nhwc' && after.length === 3) return add(after, 'nhwc');
  throw new ModelFileError(
    `node "${node.name}" reshapes [${before.join(', ')}] to [${after.join(', ')}]; only flattening is supported`,
  );
}

export function readSqueeze(node: NodeProto, importer: Importer): void {
  const input = importer.value(node.input[0]);
  const shape = importer.shapeOf(input);
  const axes = node.input[1] ? importer.constant(node.input[1]).data : intsAttribute(node, 'axes');
  const spatial = input.layout === 'nchw' ? '2,3' : '1,2';
  const sorted = axes && [...axes].map((axis) => (axis < 0 ? axis + 4 : axis)).sort();
  if (shape.length !== 3 || shape[0] !== 1 || shape[1] !== 1 || (sorted && sorted.join() !== spatial)) {
    throw new ModelFileError(`node "${node.name}" removes other dimensions than the height and width of one pixel`);
  }
  flatten(node, importer, input);
}

export function readUnsqueeze(node: NodeProto, importer: Importer): void {
  const input = importer.value(node.input[0]);
  const axes = node.input[1] ? importer.constant(node.input[1]).data : (intsAttribute(node, 'axes') ?? []);
  const shape = importer.shapeOf(input);
  if (shape.length !== 1 || input.order || [...axes].sort().join() !== '2,3') {
    throw new ModelFileError(
      `node "${node.name}" adds dimensions ${[...axes].join(', ')}; only a vector can become one pixel`,
    );
  }
  const name = importer.nameFor(node);
  importer.add({ kind: 'reshape', name, inputs: [input.node], shape: [1, 1, shape[0]] }, node.output[0]);
}

export function readTranspose(node: NodeProto, importer: Importer): void {
  const input = importer.value(node.input[0]);
  const perm = (intsAttribute(node, 'perm') ?? []).join();
  const turned =
    input.layout === 'nchw' && perm === '0,2,3,1'
      ? 'nhwc'
      : input.layout === 'nhwc' && perm === '0,3,1,2'
        ? 'nchw'
        : undefined;
  if (!turned || importer.shapeOf(input).length !== 3) {
    throw new ModelFileError(
      `node "${node.name}" transposes by [${perm}]; only between channels first and last is supported`,
    );
  }
  importer.setValue(node.output[0], { ...input, layout: turned });
}

/** Where the ONNX dimensions of a value are in the graph's shape. */
function dimensionsOf(value: Value, rank: number): readonly number[] {
  if (rank === 1) return [0];
  return value.layout === 'nchw' ? [2, 0, 1] : [0, 1, 2];
}

export function readPad(node: NodeProto, importer: Importer): void {
  const input = importer.value(node.input[0]);
  const amounts = node.input[1] ? [...importer.constant(node.input[1]).data] : (intsAttribute(node, 'pads') ?? []);
  const fill = node.input[2] ? Number(importer.constant(node.input[2]).data[0]) : floatAttribute(node, 'value', 0);
  const mode = stringAttribute(node, 'mode', 'constant');
  if (mode !== 'constant' || fill !== 0) {
    throw new ModelFileError(
      `node "${node.name}" pads with ${mode === 'constant' ? fill : `mode ${mode}`}; only zeros are supported`,
    );
  }
  const shape = importer.shapeOf(input);
  const half = amounts.length / 2;
  if (
    half !== shape.length + 1 ||
    amounts[0] !== 0 ||
    amounts[half] !== 0 ||
    amounts.some((amount) => amount < 0) ||
    input.order
  ) {
    throw new ModelFileError(`node "${node.name}" pads by [${amounts.join(', ')}], which is not supported`);
  }
  const pads = shape.map((): readonly [number, number] => [0, 0]);
  dimensionsOf(input, shape.length).forEach((d, i) => (pads[d] = [amounts[i + 1], amounts[half + i + 1]]));
  importer.add({ kind: 'pad', name: importer.nameFor(node), inputs: [input.node], pads }, node.output[0], input);
}

export function readSlice(node: NodeProto, importer: Importer): void {
  const input = importer.value(node.input[0]);
  const list = (index: number, name: string) =>
    node.input[index] ? [...importer.constant(node.input[index]).data] : intsAttribute(node, name);
  const starts = list(1, 'starts') ?? [];
  const ends = list(2, 'ends') ?? [];
  const axes = list(3, 'axes') ?? starts.map((_, i) => i);
  const steps = list(4, 'steps') ?? starts.map(() => 1);
  const shape = importer.shapeOf(input);
  const [begin, end, strides] = [shape.map(() => 0), [...shape], shape.map(() => 1)];
  axes.forEach((axis, i) => {
    const at = axis < 0 ? axis + shape.length + 1 : axis;
    if (at === 0) {
      if (starts[i] === 0 && ends[i] > 1e9 && steps[i] === 1) return;
      throw new ModelFileError(`node "${node.name}" slices the batch, which is not supported`);
    }
    const d = dimensionsOf(input, shape.length)[at - 1];
    const clamp = (value: number) => Math.min(Math.max(value < 0 ? value + shape[d] : value, 0), shape[d]);
    [begin[d], end[d], strides[d]] = [clamp(starts[i]), clamp(ends[i]), steps[i]];
  });
  if (input.order) throw new ModelFileError(`node "${node.name}" slices a flattened image, which is not supported`);
  const whole = begin.every((at) => at === 0) && end.join() === shape.join() && strides.every((step) => step === 1);
  if (whole) return importer.setValue(node.output[0], input);
  const before = importer.nodeOf(input);
  if (before?.kind === 'slice') return addMerged(node, importer, input, before, { begin, end, strides });
  importer.add(
    { kind: 'slice', name: importer.nameFor(node), inputs: [input.node], begin, end, strides },
    node.output[0],
    input,
  );
}

/** One slice in place of two: exporters write one for each dimension. The first goes unless something else reads it. */
function addMerged(
  node: NodeProto,
  importer: Importer,
  input: Value,
  first: SliceNode,
  second: Pick<SliceNode, 'begin' | 'end' | 'strides'>,
): void {
  const at = (position: number, d: number) => first.begin[d] + position * first.strides[d];
  const merged = {
    begin: second.begin.map(at),
    // One behind the last that is taken, which the first slice may have ended before.
    end: second.end.map((end, d) => at(end - 1, d) + 1),
    strides: second.strides.map((stride, d) => stride * first.strides[d]),
  };
  importer.add({ kind: 'slice', name: importer.nameFor(node), inputs: first.inputs, ...merged }, node.output[0], input);
}
