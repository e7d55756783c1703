import onnxProto from 'onnx-proto';
import {
  attribute,
  floatTensor,
  int64Tensor,
  valueInfo,
  type AttributeValue,
} from '../../src/engine/formats/onnx/proto';
import type { Tensor } from '../../src/engine/graph/node';
import { seededNormal } from './seeded';

const { onnx } = onnxProto;

export interface OnnxModel {
  /** `[channels, height, width]`, or `[features]`. */
  readonly input: readonly number[];
  /** `[type, inputs, output, attributes]`; the input is `x`, the output of the last one the model's. */
  readonly nodes: readonly (readonly [
    type: string,
    inputs: readonly string[],
    output: string,
    attributes?: Readonly<Record<string, AttributeValue | string>>,
  ])[];
  readonly weights?: Readonly<Record<string, Tensor>>;
  readonly integers?: Readonly<Record<string, readonly number[]>>;
  /** Initializers in another form than the two above. */
  readonly raw?: readonly onnxProto.onnx.ITensorProto[];
  readonly opset?: number;
}

/** A model as another exporter might have written it. */
export function onnxModel(model: OnnxModel): Uint8Array {
  const { input, nodes, weights = {}, integers = {}, raw = [], opset = 13 } = model;
  const last = nodes[nodes.length - 1];
  const proto = onnx.ModelProto.create({
    irVersion: 7,
    opsetImport: [{ domain: '', version: opset }],
    graph: {
      name: 'test',
      input: [valueInfo('x', input)],
      output: [{ name: last[2] }],
      node: nodes.map(([opType, inputs, output, attributes = {}]) => ({
        name: `/${output}/${opType}`,
        opType,
        input: [...inputs],
        output: [output],
        attribute: Object.entries(attributes).map(([name, value]) =>
          typeof value === 'string'
            ? { name, type: onnx.AttributeProto.AttributeType.STRING, s: new TextEncoder().encode(value) }
            : attribute(name, value),
        ),
      })),
      initializer: [
        ...Object.entries(weights).map(([name, tensor]) => floatTensor(name, tensor)),
        ...Object.entries(integers).map(([name, values]) => int64Tensor(name, values)),
        ...raw,
      ],
    },
  });
  return onnx.ModelProto.encode(proto).finish();
}

/** A tensor of standard normal numbers. */
export function normal(...shape: number[]): Tensor {
  const draw = seededNormal(shape.length + shape[0]);
  return { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => draw()) };
}
