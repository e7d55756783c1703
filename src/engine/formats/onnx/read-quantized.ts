import { ModelFileError } from '../model-file-error';
import type { Constant } from './constants';
import type { Importer } from './importer';
import { intAttribute, type NodeProto } from './onnx-node';

/** Ends the name of the value that our writer clips to a range of fewer bits than the integer type has. */
export const CLIPPED_RANGE = '/range';

/** A pair of QuantizeLinear and DequantizeLinear is one fake-quant node; this makes it, and the second half passes it on. */
export function readQuantize(node: NodeProto, importer: Importer): void {
  const input = importer.value(node.input[0]);
  const scales = importer.constant(node.input[1]).data;
  const zero = node.input[2] ? importer.constant(node.input[2]) : undefined;
  const [lowest, highest] = zero?.integers ?? [0, 255];
  if (scales.length !== 1) {
    throw new ModelFileError(
      `node "${node.name}" rounds each channel of an activation by a scale of its own; only one scale is supported`,
    );
  }
  const [scale, zeroPoint] = [Number(scales[0]), Number(zero?.data[0] ?? 0)];
  const clipped = importer.rangeOf(node.input[0]);
  const [min, max] = clipped ?? [(lowest - zeroPoint) * scale, (highest - zeroPoint) * scale];
  const bits = Math.ceil(Math.log2(Math.round((max - min) / scale) + 1));
  const bound = (value: number) => ({ shape: [1], data: Float32Array.of(value) });
  const params = { min: bound(min), max: bound(max) };
  const name = importer.nameFor(node);
  importer.add({ kind: 'fakeQuant', name, inputs: [input.node], bits, range: 'fixed', params }, node.output[0], input);
}

/** Remembers the range that our writer clips to before it quantizes. Gives whether this was such a clip. */
export function readClippedRange(node: NodeProto, importer: Importer, min: number, max: number): boolean {
  if (!node.output[0].endsWith(CLIPPED_RANGE)) return false;
  importer.setValue(node.output[0], importer.value(node.input[0]));
  importer.setRange(node.output[0], [min, max]);
  return true;
}

/** Integers of a weight or bias as the numbers that they stand for: `(integer - zero point) * scale`. */
export function dequantized(node: NodeProto, importer: Importer): Constant {
  const [{ dims, data }, { data: scales }] = node.input.slice(0, 2).map((name) => importer.constant(name));
  const zeros = node.input[2] ? importer.constant(node.input[2]).data : undefined;
  const axis = intAttribute(node, 'axis', 1);
  const at = axis < 0 ? axis + dims.length : axis;
  const inner = dims.slice(at + 1).reduce((product, extent) => product * extent, 1);
  const channel = (i: number) => (scales.length === 1 ? 0 : Math.floor(i / inner) % scales.length);
  return {
    dims,
    data: Float32Array.from(
      data,
      (value, i) => (value - Number(zeros?.[channel(i)] ?? 0)) * Number(scales[channel(i)]),
    ),
  };
}
