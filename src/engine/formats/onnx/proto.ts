import onnxProto from 'onnx-proto';
import type { Shape, Tensor } from '../../graph/node';

const { onnx } = onnxProto;
const { AttributeType } = onnx.AttributeProto;
const { DataType } = onnx.TensorProto;

/** A number that ONNX stores as a float even where it is whole. */
export class Float {
  constructor(readonly value: number) {}
}

export type AttributeValue = number | Float | readonly number[];

export function attribute(name: string, value: AttributeValue) {
  if (value instanceof Float) return { name, type: AttributeType.FLOAT, f: value.value };
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

export function floatTensor(name: string, { shape, data }: Tensor) {
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: [...shape], dataType: DataType.FLOAT, rawData };
}

const integerTypes = {
  int8: { dataType: DataType.INT8, make: (values: readonly number[]) => Int8Array.from(values) },
  uint8: { dataType: DataType.UINT8, make: (values: readonly number[]) => Uint8Array.from(values) },
  int32: { dataType: DataType.INT32, make: (values: readonly number[]) => Int32Array.from(values) },
} as const;
export type IntegerType = keyof typeof integerTypes;

export function integerTensor(name: string, type: IntegerType, shape: Shape, values: readonly number[]) {
  const { dataType, make } = integerTypes[type];
  return { name, dims: [...shape], dataType, rawData: new Uint8Array(make(values).buffer) };
}

export function int64Tensor(name: string, values: readonly number[]) {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dims: [values.length], dataType: DataType.INT64, rawData };
}

/** A float input or output with a free batch dimension. */
export function valueInfo(name: string, shape: Shape) {
  const dim = [{ dimParam: 'batch' }, ...shape.map((dimValue) => ({ dimValue }))];
  return { name, type: { tensorType: { elemType: DataType.FLOAT, shape: { dim } } } };
}
