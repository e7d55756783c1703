import type { Pair } from '../../graph/node';
import type { Importer } from './importer';
import { intAttribute, intsAttribute, type NodeProto } from './onnx-node';
import { imageInput, readWindow } from './window';

export function readMaxPool(node: NodeProto, importer: Importer): void {
  const input = imageInput(node, importer);
  const size = kernelOf(node);
  const { strides, padding } = readWindow(node, importer.shapeOf(input), size);
  importer.add(
    { kind: 'maxPool', name: importer.nameFor(node), inputs: [input.node], size, strides, padding },
    node.output[0],
  );
}

export function readAveragePool(node: NodeProto, importer: Importer): void {
  const input = imageInput(node, importer);
  const size = kernelOf(node);
  const { strides, padding } = readWindow(node, importer.shapeOf(input), size);
  const name = importer.nameFor(node);
  const padded = Object.values(padding).some((amount) => amount > 0);
  if (padded && intAttribute(node, 'count_include_pad', 0) === 1) {
    // Counting the padding is averaging over an image that has it.
    const { top, bottom, left, right } = padding;
    const pads = [
      [top, bottom],
      [left, right],
      [0, 0],
    ] as const;
    const padName = importer.unique(`${name}/pad`);
    importer.add({ kind: 'pad', name: padName, inputs: [input.node], pads }, `${node.output[0]}/pad`);
    const none = { top: 0, bottom: 0, left: 0, right: 0 };
    importer.add({ kind: 'avgPool', name, inputs: [padName], size, strides, padding: none }, node.output[0]);
    return;
  }
  importer.add({ kind: 'avgPool', name, inputs: [input.node], size, strides, padding }, node.output[0]);
}

function kernelOf(node: NodeProto): Pair {
  const [height = 1, width = 1] = intsAttribute(node, 'kernel_shape') ?? [];
  return [height, width];
}
