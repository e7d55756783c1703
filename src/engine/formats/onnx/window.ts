import type { Padding, Pair, Shape } from '../../graph/node';
import { resolvePadding } from '../../graph/builder';
import { ModelFileError } from '../model-file-error';
import type { Importer, Value } from './importer';
import { intAttribute, intsAttribute, stringAttribute, type NodeProto } from './onnx-node';

export interface Window {
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly padding: Padding;
}

/** Strides, dilations and padding of a convolution or pooling over an image. */
export function readWindow(node: NodeProto, input: Shape, kernel: Pair): Window {
  const pair = (name: string): Pair => {
    const [height = 1, width = 1] = intsAttribute(node, name) ?? [];
    return [height, width];
  };
  const [strides, dilations] = [pair('strides'), pair('dilations')];
  const auto = stringAttribute(node, 'auto_pad', 'NOTSET');
  let padding: Padding;
  if (auto === 'SAME_UPPER') padding = resolvePadding('same', input, kernel, strides, dilations);
  else if (auto === 'SAME_LOWER') padding = mirrored(resolvePadding('same', input, kernel, strides, dilations));
  else {
    const [top = 0, left = 0, bottom = 0, right = 0] = auto === 'VALID' ? [] : (intsAttribute(node, 'pads') ?? []);
    padding = { top, left, bottom, right };
  }
  return {
    strides,
    dilations,
    padding: intAttribute(node, 'ceil_mode', 0) ? roundedUp(padding, input, kernel, strides, dilations) : padding,
  };
}

/** The image that a node reads, channels first as ONNX wants it. */
export function imageInput(node: NodeProto, importer: Importer): Value {
  const input = importer.value(node.input[0]);
  if (input.layout !== 'nchw' || importer.shapeOf(input).length !== 3) {
    throw new ModelFileError(
      `node "${node.name}" (${node.opType}) reads [${importer.dimensions(node.input[0]).join(', ')}]; it has to be an image, channels first`,
    );
  }
  return input;
}

function mirrored({ top, bottom, left, right }: Padding): Padding {
  return { top: bottom, bottom: top, left: right, right: left };
}

/** Padding below and to the right with which rounding down gives as many windows as rounding up did. */
function roundedUp(padding: Padding, [height, width]: Shape, kernel: Pair, strides: Pair, dilations: Pair): Padding {
  const missing = (extent: number, before: number, after: number, d: 0 | 1) => {
    const free = extent + before + after - ((kernel[d] - 1) * dilations[d] + 1);
    const windows = Math.ceil(free / strides[d]);
    // A window that would begin in the padding behind the image is not counted.
    const inside = windows * strides[d] >= extent + before ? windows - 1 : windows;
    return Math.max(inside * strides[d] - free, 0);
  };
  return {
    ...padding,
    bottom: padding.bottom + missing(height, padding.top, padding.bottom, 0),
    right: padding.right + missing(width, padding.left, padding.right, 1),
  };
}
