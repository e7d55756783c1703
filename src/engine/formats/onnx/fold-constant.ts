import onnxProto from 'onnx-proto';
import { ModelFileError } from '../model-file-error';
import { toSafe, type Constant } from './constants';
import type { NodeProto } from './onnx-node';

const { onnx } = onnxProto;
const { DataType } = onnx.TensorProto;

/**
 * Computes a node whose inputs are all known, such as the shape arithmetic that exporters leave behind. The official
 * runtime does it, as a model of this one node, so every operator and every opset means what it should.
 * @throws ModelFileError when the runtime can't.
 */
export async function foldConstant(
  node: NodeProto,
  inputs: readonly (readonly [name: string, value: Constant])[],
  opset: number,
): Promise<readonly Constant[]> {
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'constant',
      node: [node],
      initializer: inputs.map(([name, { dims, data }]) => ({
        name,
        dims: [...dims],
        ...(data instanceof Float32Array
          ? { dataType: DataType.FLOAT, floatData: [...data] }
          : { dataType: DataType.INT64, int64Data: [...data] }),
      })),
      output: node.output.map((name) => ({ name })),
    },
  });
  try {
    const ort = await import('onnxruntime-node');
    const session = await ort.InferenceSession.create(onnx.ModelProto.encode(model).finish(), { logSeverityLevel: 4 });
    const results = await session.run({});
    await session.release();
    return node.output.map((name) => {
      const { dims, data } = results[name];
      return {
        dims,
        data: data instanceof Float32Array ? data : Array.from(data as ArrayLike<number | bigint>, toSafe),
      };
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelFileError(
      `node "${node.name}" (${node.opType}) computes a constant that could not be worked out: ${reason}`,
      'simplify the model first, for instance with: python -m onnxsim model.onnx model.onnx',
    );
  }
}
