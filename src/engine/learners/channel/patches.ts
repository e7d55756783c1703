import type { Conv2dNode, DenseNode, Node, Shape } from '../../graph/node';
import type { Random } from '../../graph/random';

/** A layer that mixes its input channels, so that removing one changes all that it computes. */
export type MixingNode = Conv2dNode | DenseNode;

export function isMixing(node: Node): node is MixingNode {
  return node.kind === 'conv2d' || node.kind === 'dense';
}

/** Output positions of a layer at which features are sampled, for each image in turn. */
export interface Positions {
  readonly perImage: number;
  /** Flat output position (row * width + column), `[images * perImage]`. */
  readonly at: Int32Array;
}

/** Draws `perImage` output positions of a feature map for each image; a vector has one position. */
export function drawPositions(output: Shape, images: number, perImage: number, random: Random): Positions {
  if (output.length === 1) return { perImage: 1, at: new Int32Array(images) };
  const area = output[0] * output[1];
  const count = Math.min(perImage, area);
  const at = new Int32Array(images * count);
  for (let i = 0; i < at.length; i++) at[i] = random.int(area);
  return { perImage: count, at };
}

/** Rows of the patch matrix: weights that one output sees, `kh * kw * inChannels` (for dense: inputs). */
export function patchSize(node: MixingNode, input: Shape): number {
  if (node.kind === 'dense') return node.params.weight.shape[0];
  const [kh, kw] = node.params.weight.shape;
  return kh * kw * input[2];
}

/**
 * The input values behind sampled outputs: one patch a row, row-major `[count * perImage, patchSize]`, ordered
 * (kernel row, kernel column, channel) as the rows of the layer's HWIO weight. Padding reads as 0.
 *
 * @param features Input of the layer for `count` images, NHWC.
 * @param firstImage Index of the first of them among all for which positions were drawn.
 */
export function gatherPatches(
  node: MixingNode,
  features: Float32Array,
  input: Shape,
  output: Shape,
  positions: Positions,
  firstImage: number,
  count: number,
): Float32Array {
  if (node.kind === 'dense') return features.subarray(0, count * node.params.weight.shape[0]);
  const [height, width, channels] = input;
  const [kh, kw] = node.params.weight.shape;
  const size = kh * kw * channels;
  const rows = new Float32Array(count * positions.perImage * size);
  let write = 0;
  for (let image = 0; image < count; image++) {
    for (let p = 0; p < positions.perImage; p++) {
      const at = positions.at[(firstImage + image) * positions.perImage + p];
      const top = Math.floor(at / output[1]) * node.strides[0] - node.padding.top;
      const left = (at % output[1]) * node.strides[1] - node.padding.left;
      for (let i = 0; i < kh; i++) {
        const y = top + i * node.dilations[0];
        for (let j = 0; j < kw; j++, write += channels) {
          const x = left + j * node.dilations[1];
          if (y < 0 || y >= height || x < 0 || x >= width) continue;
          const start = ((image * height + y) * width + x) * channels;
          rows.set(features.subarray(start, start + channels), write);
        }
      }
    }
  }
  return rows;
}

/** Values of a layer's output at the sampled positions, row-major `[count * perImage, channels]`. */
export function gatherOutputs(
  features: Float32Array,
  output: Shape,
  positions: Positions,
  firstImage: number,
  count: number,
): Float32Array {
  const channels = output[output.length - 1];
  const area = output.length === 1 ? 1 : output[0] * output[1];
  const rows = new Float32Array(count * positions.perImage * channels);
  for (let row = 0; row < count * positions.perImage; row++) {
    const image = Math.floor(row / positions.perImage);
    const start = (image * area + positions.at[firstImage * positions.perImage + row]) * channels;
    rows.set(features.subarray(start, start + channels), row * channels);
  }
  return rows;
}
