import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../data/batch';
import { outputChannels } from '../../graph/buckets';
import type { Graph } from '../../graph/graph';
import type { Conv2dNode, Shape, WeightNode } from '../../graph/node';
import { Random } from '../../graph/random';
import { inferShapes } from '../../graph/shape';
import type { Program } from '../../runtime/executor';
import { Moments } from '../channel/moments';
import { drawPositions, gatherPatches, type MixingNode } from '../channel/patches';

/**
 * Of a wider input no covariance is kept, and its layer's weights stay at the nearest values: 2304 inputs are those of a
 * 3 x 3 convolution on 256 channels. Time grows with their square, and a sample of some thousand rows says less of more.
 */
const WIDEST = 2304;
const POSITIONS = 10;

/** Output channels that read the same inputs, and what is known of these. Channel o has its weight for row r at `r * channels + o`. */
export interface InputGroup {
  /** Mean of each input, `[size]`: the rows of the group's part of the weight. */
  readonly mean: Float64Array;
  /** Covariance of the inputs, `[size, size]`; absent where the layer is too wide for it. */
  readonly covariance?: Float64Array;
  readonly outputs: readonly number[];
}

/**
 * Means and covariances of what the layers read, over sampled positions of the images. Layers with groups have one for each;
 * in a depthwise layer each channel is one.
 */
export async function inputMoments(
  program: Program,
  graph: Graph,
  layers: readonly WeightNode[],
  images: readonly Batch[],
  seed: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly InputGroup[]>> {
  const shapes = inferShapes(graph);
  const shapeOf = (name: string): Shape => shapes.get(name) ?? [];
  const total = images.reduce((sum, batch) => sum + batch.count, 0);
  const sampled = layers.map((layer, i) => {
    const [input, output] = [shapeOf(layer.inputs[0]), shapeOf(layer.name)];
    const groups = groupsOf(layer, input);
    const size = rowsOf(layer, input) / groups;
    const columns = size <= WIDEST ? undefined : 0;
    const moments = Array.from({ length: groups }, () => new Moments(size, columns));
    return { layer, input, output, moments, positions: drawPositions(output, total, POSITIONS, new Random(seed + i)) };
  });
  let first = 0;
  for (const batch of images) {
    const values = await program.activations(batch, [...new Set(layers.map(({ inputs }) => inputs[0]))]);
    for (const { layer, input, output, moments, positions } of sampled) {
      const features = values.get(layer.inputs[0]);
      if (!features) continue;
      const rows = gatherPatches(asMixing(layer), features, input, output, positions, first, batch.count);
      const count = batch.count * positions.perImage;
      moments.forEach((group, g) => {
        const own = moments.length === 1 ? rows : partOf(rows, g, moments.length, input[2]);
        group.add(count, own);
      });
      await setImmediate();
      signal.throwIfAborted();
    }
    first += batch.count;
  }
  return new Map(
    sampled.map(({ layer, moments }) => {
      const perGroup = outputChannels(layer) / moments.length;
      const groups = moments.map((group, g): InputGroup => {
        const mean = group.mean();
        return {
          mean,
          ...(group.columns > 0 && { covariance: group.second(mean, mean) }),
          outputs: Array.from({ length: perGroup }, (_, o) => g * perGroup + o),
        };
      });
      return [layer.name, groups];
    }),
  );
}

function groupsOf(layer: WeightNode, input: Shape): number {
  if (layer.kind === 'dense') return 1;
  return layer.kind === 'conv2d' ? layer.groups : input[2];
}

/** Inputs of all groups together that one output position sees. */
function rowsOf({ kind, params }: WeightNode, input: Shape): number {
  const { shape } = params.weight;
  return kind === 'dense' ? shape[0] : shape[0] * shape[1] * input[2];
}

/** Patches are gathered over all channels, whoever mixes them. */
function asMixing(layer: WeightNode): MixingNode {
  if (layer.kind !== 'depthwiseConv2d') return layer;
  return { ...layer, kind: 'conv2d', groups: 1 } satisfies Conv2dNode;
}

/** Of patches `[n, kernel, channels]` the channels of one group: `[n, kernel, channels / groups]`. */
function partOf(rows: Float32Array, group: number, groups: number, channels: number): Float32Array {
  const width = channels / groups;
  const part = new Float32Array(rows.length / groups);
  for (let cell = 0; cell < rows.length / channels; cell++) {
    const from = cell * channels + group * width;
    part.set(rows.subarray(from, from + width), cell * width);
  }
  return part;
}
