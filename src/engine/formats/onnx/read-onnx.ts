import onnxProto from 'onnx-proto';
import type { Graph } from '../../graph/graph';
import { mergePads } from '../merge-pads';
import { ModelFileError } from '../model-file-error';
import { readConstant, type TensorProto } from './constants';
import { ExternalFiles } from './external-files';
import { foldConstant } from './fold-constant';
import { Importer } from './importer';
import { readers } from './node-readers';
import { dequantized } from './read-quantized';
import { tensorAttribute, type NodeProto } from './onnx-node';

const { onnx } = onnxProto;
const NEWEST_OPSET = 24;
const OLDEST_OPSET = 7;

/**
 * Reads an ONNX image classifier: one NCHW float input, one output. Batch norms are kept, layers get the names of their
 * weights.
 * @param directory Where the model lies, for weights in files of their own.
 * @throws ModelFileError when the file is damaged or has an operator that the graph has no node for; it names both.
 */
export async function decodeOnnx(bytes: Uint8Array, name: string, directory?: string): Promise<Graph> {
  const { graph, opset } = parse(bytes);
  const importer = new Importer(name);
  const files = new ExternalFiles(directory);
  for (const tensor of graph.initializer as TensorProto[]) {
    const what = `the weight "${tensor.name}"`;
    importer.setConstant(tensor.name, readConstant(tensor, what, await files.bytesOf(tensor, what)));
  }
  for (const input of graph.input) {
    if (importer.isConstant(input.name ?? '')) continue;
    importer.input(
      input.name ?? 'input',
      (input.type?.tensorType?.shape?.dim ?? []).map((dim) => Number(dim.dimValue ?? 0)),
    );
  }
  for (const node of graph.node as NodeProto[]) await readNode(node, importer, opset);
  if (graph.output.length !== 1) {
    throw new ModelFileError(
      `the model has ${graph.output.length} outputs; a classifier has one`,
      'export the model with its class scores as the only output',
    );
  }
  return mergePads(importer.build(graph.output[0].name ?? ''));
}

function parse(bytes: Uint8Array): { graph: onnxProto.onnx.IGraphProto & Lists; opset: number } {
  const notOnnx = new ModelFileError(
    'this is not an ONNX model, or it is damaged or cut off',
    'export or copy the model again',
  );
  let model: onnxProto.onnx.ModelProto;
  try {
    model = onnx.ModelProto.decode(bytes);
  } catch {
    throw notOnnx;
  }
  if (!model.graph || !model.graph.node?.length) throw notOnnx;
  const opset = Number(model.opsetImport.find(({ domain }) => !domain)?.version ?? 0);
  if (opset < OLDEST_OPSET || opset > NEWEST_OPSET) {
    throw new ModelFileError(
      `the model uses ONNX opset ${opset}; ${OLDEST_OPSET} to ${NEWEST_OPSET} are supported`,
      'export the model with opset_version=13',
    );
  }
  const { node = [], initializer = [], input = [], output = [] } = model.graph;
  return {
    graph: { node: node ?? [], initializer: initializer ?? [], input: input ?? [], output: output ?? [] },
    opset,
  };
}

interface Lists {
  readonly node: onnxProto.onnx.INodeProto[];
  readonly initializer: onnxProto.onnx.ITensorProto[];
  readonly input: onnxProto.onnx.IValueInfoProto[];
  readonly output: onnxProto.onnx.IValueInfoProto[];
}

async function readNode(node: NodeProto, importer: Importer, opset: number): Promise<void> {
  if (node.opType === 'Constant') {
    const tensor = tensorAttribute(node, 'value');
    if (tensor) {
      importer.setConstant(node.output[0], readConstant(tensor, `the constant "${node.name}"`));
      return;
    }
  }
  if (node.opType === 'Shape' && !importer.isConstant(node.input[0])) {
    // The batch dimension is free; 0 means "as it is" where such shapes end up, in Reshape.
    importer.setConstant(node.output[0], { dims: [4], data: [0, ...importer.dimensions(node.input[0])] });
    return;
  }
  if (node.opType === 'DequantizeLinear' && importer.isConstant(node.input[0])) {
    importer.setConstant(node.output[0], dequantized(node, importer));
    return;
  }
  if (node.input.every((input) => input === '' || importer.isConstant(input))) {
    const inputs = [...new Set(node.input)].filter((input) => input !== '');
    const known = inputs.map((input) => [input, importer.constant(input)] as const);
    const results = await foldConstant(node, known, opset);
    results.forEach((value, i) => importer.setConstant(node.output[i], value));
    return;
  }
  const reader = Object.hasOwn(readers, node.opType) ? readers[node.opType] : undefined;
  if (!reader || node.domain) {
    throw new ModelFileError(
      `node "${node.name || node.output[0]}" is a ${node.domain ? `${node.domain}.` : ''}${node.opType}, which is not supported`,
      `supported operators: ${Object.keys(readers).sort().join(', ')}`,
    );
  }
  reader(node, importer, opset);
}
