import onnxProto from 'onnx-proto';
import { ModelFileError } from '../model-file-error';

const { onnx } = onnxProto;
const { DataType, DataLocation } = onnx.TensorProto;
export type TensorProto = InstanceType<typeof onnx.TensorProto>;

/** A tensor that is known when the file is read. Whole numbers are kept as numbers: shapes and axes fit in them. */
export interface Constant {
  readonly dims: readonly number[];
  readonly data: Float32Array | readonly number[];
}

/**
 * The values of an ONNX tensor, wherever the file keeps them.
 * @throws ModelFileError when they are in another file, of a type that models don't use, or fewer than the shape says.
 */
export function readConstant(tensor: TensorProto, what: string): Constant {
  const dims = tensor.dims.map(Number);
  const count = dims.reduce((product, extent) => product * extent, 1);
  if (tensor.dataLocation === DataLocation.EXTERNAL) {
    throw new ModelFileError(
      `${what} is kept in a file of its own`,
      'save the model as one file: onnx.save(model, path) without save_as_external_data',
    );
  }
  const data = values(tensor, what);
  if (data.length !== count) {
    throw new ModelFileError(
      `${what} has ${data.length} values, its shape [${dims.join(', ')}] needs ${count}: the file is damaged or cut off`,
      'export or copy the model again',
    );
  }
  return { dims, data };
}

function values(tensor: TensorProto, what: string): Constant['data'] {
  const inRaw = tensor.rawData.length > 0;
  const raw = (width: number) => aligned(tensor.rawData, width, what);
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
    case DataType.BOOL:
      return inRaw ? Array.from(tensor.rawData) : [...tensor.int32Data];
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
