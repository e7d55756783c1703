import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../data/batch';
import type { Dataset } from '../../data/dataset';
import { inputShape, type Graph } from '../../graph/graph';
import type { Shape } from '../../graph/node';
import { Random } from '../../graph/random';
import { inferShapes, size } from '../../graph/shape';
import type { Program } from '../../runtime/executor';
import { Moments } from './moments';
import { drawPositions, gatherOutputs, gatherPatches, patchSize, type MixingNode, type Positions } from './patches';
import { shortcutBeside } from './readers';

/** Values of one batch that all layers' activations together may take: 64 images of CIFAR size. */
const BATCH_VALUES = 64 * 32 * 32 * 3;

/** Training images to look at, not augmented, in memory so that every layer sees the same. */
export async function calibrationImages(dataset: Dataset, graph: Graph, samples: number): Promise<readonly Batch[]> {
  const batchSize = Math.max(1, Math.min(64, Math.floor(BATCH_VALUES / size(inputShape(graph)))));
  const images: Batch[] = [];
  for await (const batch of dataset.batches('train', { batchSize, shuffle: true, limit: samples })) {
    images.push({ count: batch.count, images: batch.images.slice(), labels: batch.labels.slice() });
  }
  return images;
}

/** What was sampled at one layer of the original model. */
export interface LayerSamples {
  readonly positions: Positions;
  /** Moments of the layer's input patches with themselves; absent unless asked for. */
  readonly patches?: Moments;
  readonly rows: number;
  /** The layer's outputs at the positions, row-major `[rows, outputs]`. */
  readonly outputs: Float32Array;
  /** What the layer's output is added to, there; absent where nothing is. */
  readonly shortcut?: Float32Array;
}

/**
 * Samples inputs and outputs of layers of the original model, all in one pass over the images (He et al. 2017,
 * section 4.1: some positions of each feature map).
 * @param withPatches Names of the layers whose input moments are needed.
 */
export async function sampleLayers(
  program: Program,
  graph: Graph,
  layers: readonly MixingNode[],
  withPatches: ReadonlySet<string>,
  images: readonly Batch[],
  perImage: number,
  seed: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LayerSamples>> {
  const shapes = inferShapes(graph);
  const shapeOf = (name: string): Shape => shapes.get(name) ?? [];
  const total = images.reduce((sum, batch) => sum + batch.count, 0);
  const shortcuts = new Map(
    layers.flatMap(({ name }) => {
      const beside = shortcutBeside(graph, name);
      return beside ? [[name, beside.node]] : [];
    }),
  );
  const samples = new Map(
    layers.map((layer, index) => {
      const output = shapeOf(layer.name);
      const positions = drawPositions(output, total, perImage, new Random(seed + index));
      const rows = total * positions.perImage;
      const columns = patchSize(layer, shapeOf(layer.inputs[0]));
      const patches = withPatches.has(layer.name) ? new Moments(columns) : undefined;
      const outputs = new Float32Array(rows * output[output.length - 1]);
      const shortcut = shortcuts.has(layer.name) ? outputs.slice() : undefined;
      return [layer.name, { positions, patches, rows, outputs, shortcut }];
    }),
  );
  const wanted = [...new Set([...shortcuts.values(), ...layers.flatMap((layer) => [layer.name, layer.inputs[0]])])];
  let first = 0;
  for (const batch of images) {
    const values = await program.activations(batch, wanted);
    for (const layer of layers) {
      const sample = samples.get(layer.name);
      const input = values.get(layer.inputs[0]);
      const output = values.get(layer.name);
      if (!sample || !input || !output) continue;
      const { positions, patches } = sample;
      const shape = shapeOf(layer.name);
      const start = first * positions.perImage * shape[shape.length - 1];
      sample.outputs.set(gatherOutputs(output, shape, positions, first, batch.count), start);
      const beside = values.get(shortcuts.get(layer.name) ?? '');
      if (beside) sample.shortcut?.set(gatherOutputs(beside, shape, positions, first, batch.count), start);
      if (patches) {
        const inShape = shapeOf(layer.inputs[0]);
        const rows = gatherPatches(layer, input, inShape, shape, positions, first, batch.count);
        patches.add(batch.count * positions.perImage, rows);
      }
      await setImmediate();
      signal.throwIfAborted();
    }
    first += batch.count;
  }
  return samples;
}
