import onnxProto from 'onnx-proto';
import { ModelFileError } from '../model-file-error';

const { onnx } = onnxProto;
const { DataType, DataLocation } = onnx.TensorProto;
export type TensorProto = InstanceType<typeof onnx.TensorProto>;

/** A tensor that is known when the file is read. Whole numbers are kept as numbers: shapes and axes fit in them. */
export interface Constant {
  readonly dims: readonly number[];
  readonly data: Float32Array | readonly number[];
  /** Lowest and highest integer of its type, where that is a quantized one. */
  readonly integers?: readonly [lowest: number, highest: number];
}

/** Part of a file beside the model, where a tensor's values are kept. */
export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  /** Bytes; undefined: to the end of the file. */
  readonly length?: number;
}

/** Where a tensor's values are, when they are not in the model itself. */
export function externalData(tensor: TensorProto): ExternalData | undefined {
  if (tensor.dataLocation !== DataLocation.EXTERNAL) return undefined;
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value ?? '']));
  const length = entries.get('length');
  return {
    location: entries.get('location') ?? '',
    offset: Number(entries.get('offset') ?? 0),
    ...(length !== undefined && { length: Number(length) }),
  };
}

/**
 * The values of an ONNX tensor, in whichever field it has them.
 * @param raw Its bytes, when they are in a file of their own.
 * @throws ModelFileError when they are of a type that models don't use, or fewer than the shape says.
 */
export function readConstant(tensor: TensorProto, what: string, raw = tensor.rawData): Constant {
  const dims = tensor.dims.map(Number);
  const count = dims.reduce((product, extent) => product * extent, 1);
  const data = values(tensor, what, raw);
  if (data.length !== count) {
    throw new ModelFileError(
      `${what} has ${data.length} values, its shape [${dims.join(', ')}] needs ${count}: the file is damaged or cut off`,
      'export or copy the model again',
    );
  }
  const integers = quantizedTypes.get(tensor.dataType ?? 0);
  return { dims, data, ...(integers && { integers }) };
}

const quantizedTypes: ReadonlyMap<number, readonly [number, number]> = new Map([
  [DataType.INT8, [-128, 127]],
  [DataType.UINT8, [0, 255]],
]);

function values(tensor: TensorProto, what: string, bytes: Uint8Array): Constant['data'] {
  const inRaw = bytes.length > 0;
  const raw = (width: number) => aligned(bytes, width, what);
  switch (tensor.dataType) {
    case DataType.FLOAT:
      return inRaw ? new Float32Array(raw(4)) : Float32Array.from(tensor.floatData);
    case DataType.DOUBLE:
      return Float32Array.from(inRaw ? new Float64Array(raw(8)) : tensor.doubleData);
    case DataType.FLOAT16:
      return Float32Array.from(inRaw ? new Uint16Array(raw(2)) : tensor.int32Data, fromHalf);
    case DataType.INT64:
      return inRaw ? Array.from(new BigInt64Array(raw(8)), toSafe) : tensor.int64Data.map(toSafe);
    case DataType.INT32:
      return inRaw ? Array.from(new Int32Array(raw(4))) : [...tensor.int32Data];
    case DataType.INT8:
      return inRaw ? Array.from(new Int8Array(raw(1))) : [...tensor.int32Data];
    case DataType.UINT8:
    case DataType.BOOL:
      return inRaw ? Array.from(bytes) : [...tensor.int32Data];
    default:
      throw new ModelFileError(
        `${what} has the ONNX data type ${tensor.dataType ?? 0}, which is not supported`,
        'export the model in float32',
      );
  }
}

/** A whole number, cut to what a number holds exactly: exporters write the largest int64 for "to the end". */
export function toSafe(value: bigint | number | { toString(): string }): number {
  return Math.min(Math.max(Number(value), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** A copy that begins at its buffer's start, as typed arrays of wider elements need. */
function aligned(bytes: Uint8Array, width: number, what: string): ArrayBuffer {
  if (bytes.length % width !== 0) {
    throw new ModelFileError(
      `${what} ends in the middle of a number: the file is damaged or cut off`,
      'export or copy the model again',
    );
  }
  return Uint8Array.from(bytes).buffer;
}

/** IEEE 754 half precision to a number. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
