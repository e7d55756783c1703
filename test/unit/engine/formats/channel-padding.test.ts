import onnxProto from 'onnx-proto';
import { describe, expect, it } from 'vitest';
import { decodeOnnx } from '../../../../src/engine/formats/onnx/read-onnx';
import { encodeOnnx } from '../../../../src/engine/formats/onnx/write-onnx';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import type { Graph } from '../../../../src/engine/graph/graph';
import { buildZooModel } from '../../../../src/engine/zoo/zoo';

const operators = (graph: Graph) =>
  onnxProto.onnx.ModelProto.decode(encodeOnnx(graph)).graph?.node?.map(({ opType }) => opType) ?? [];

describe('an option-A shortcut in ONNX', () => {
  const graph = buildZooModel('resnet20', { inputShape: [32, 32, 3], classes: 10, seed: 1 });

  it('is a convolution, so that runtimes need not leave their blocked layout', () => {
    expect(operators(graph)).not.toContain('Slice');
    expect(operators(graph)).not.toContain('Pad');
  });

  it('is a slice and a pad without parameters again when it is read', async () => {
    const back = await decodeOnnx(encodeOnnx(graph), 'resnet20');
    const shortcuts = (from: Graph) => from.nodes.filter(({ kind }) => kind === 'slice' || kind === 'pad');
    expect(shortcuts(graph)).toHaveLength(4);
    expect(shortcuts(back)).toEqual(shortcuts(graph));
  });

  it('keeps a slice that something else reads', () => {
    const b = new GraphBuilder('net', 1);
    const slice = b.slice(b.input([6, 6, 4]), { strides: [2, 2, 1] });
    const padded = b.pad(slice, [
      [0, 0],
      [0, 0],
      [1, 3],
    ]);
    const net = b.build(b.concat([padded, slice]));
    expect(operators(net)).toEqual(['Slice', 'Conv', 'Concat']);
  });

  it('is told from a convolution that happens to begin as the identity', async () => {
    const b = new GraphBuilder('net', 1);
    const net = b.build(b.conv2d(b.input([4, 4, 3]), { name: 'adapter', filters: 3, kernel: 1, bias: false }));
    const identity = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
    const nodes = net.nodes.map((node) =>
      node.kind === 'conv2d' ? { ...node, params: { weight: { shape: [1, 1, 3, 3], data: identity } } } : node,
    );
    const back = await decodeOnnx(encodeOnnx({ ...net, nodes }), 'net');
    expect(back.nodes.map(({ kind }) => kind)).toEqual(['input', 'conv2d']);
  });
});
