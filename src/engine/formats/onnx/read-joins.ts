import { ModelFileError } from '../model-file-error';
import type { Importer, Value } from './importer';
import { intAttribute, type NodeProto } from './onnx-node';
import { tensor } from './read-layers';

export function readAdd(node: NodeProto, importer: Importer): void {
  const constant = node.input.find((input) => importer.isConstant(input));
  if (constant !== undefined) {
    addBias(node, importer, constant);
    return;
  }
  const [a, b] = node.input.map((input) => importer.value(input));
  sameOrder(node, [a, b]);
  importer.add({ kind: 'add', name: importer.nameFor(node), inputs: [a.node, b.node] }, node.output[0], a);
}

export function readMul(node: NodeProto, importer: Importer): void {
  const constant = node.input.find((input) => importer.isConstant(input));
  if (constant !== undefined) {
    throw new ModelFileError(`node "${node.name}" multiplies by the constant "${constant}", which is not supported`);
  }
  const [a, b] = node.input.map((input) => importer.value(input));
  sameOrder(node, [a, b]);
  // The gate comes second in the graph, whatever the file's order.
  const isGate = (value: Value) => importer.shapeOf(value).slice(0, -1).join() === '1,1';
  const [whole, gate] = isGate(a) && !isGate(b) ? [b, a] : [a, b];
  importer.add({ kind: 'mul', name: importer.nameFor(node), inputs: [whole.node, gate.node] }, node.output[0], whole);
}

export function readConcat(node: NodeProto, importer: Importer): void {
  const values = node.input.map((input) => importer.value(input));
  const rank = importer.shapeOf(values[0]).length + 1;
  const axis = intAttribute(node, 'axis', 1);
  const channels = rank === 4 && values[0].layout === 'nhwc' ? 3 : 1;
  if ((axis < 0 ? axis + rank : axis) !== channels || values.some(({ order }) => order)) {
    throw new ModelFileError(`node "${node.name}" joins along dimension ${axis}; only along channels is supported`);
  }
  sameOrder(node, values);
  const inputs = values.map((value) => value.node);
  importer.add({ kind: 'concat', name: importer.nameFor(node), inputs }, node.output[0], values[0]);
}

/** Adds a constant vector to the layer before: exporters write biases so. */
function addBias(node: NodeProto, importer: Importer, constant: string): void {
  const input = importer.value(node.input.find((name) => name !== constant) ?? '');
  const layer = importer.nodeOf(input);
  const bias = tensor(importer, constant);
  const takesBias = layer?.kind === 'dense' || layer?.kind === 'conv2d' || layer?.kind === 'depthwiseConv2d';
  const shape = importer.shapeOf(input);
  if (!takesBias || layer.params.bias || bias.data.length !== shape[shape.length - 1] || importer.isRead(layer.name)) {
    throw new ModelFileError(
      `node "${node.name}" adds the constant "${constant}"; that is only supported as the bias of the layer before`,
    );
  }
  const params = { ...layer.params, bias: { shape: [bias.data.length], data: bias.data } };
  importer.replace({ ...layer, params });
  importer.setValue(node.output[0], input);
}

function sameOrder(node: NodeProto, values: readonly Value[]): void {
  const key = ({ layout, order }: Value) => JSON.stringify([layout, order]);
  if (values.some((value) => key(value) !== key(values[0]))) {
    throw new ModelFileError(`node "${node.name}" joins values of different layouts, which is not supported`);
  }
}
