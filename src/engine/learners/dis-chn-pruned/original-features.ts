import type { Batch } from '../../data/batch';
import { foldBatchNorms } from '../../graph/edits/fold-batch-norms';
import type { Graph } from '../../graph/graph';
import type { ChannelGroup } from '../../graph/groups';
import { inferShapes } from '../../graph/shape';
import type { TeacherOutputs } from '../../runtime/executor';
import type { LearnerContext } from '../learner';

/** What the original, its batch norms folded, gives at the layers that read what may be removed. */
export class OriginalFeatures {
  private constructor(
    private readonly widths: ReadonlyMap<string, number>,
    private readonly batches: readonly ReadonlyMap<string, Float32Array>[],
  ) {}

  static async take(
    graph: Graph,
    groups: readonly ChannelGroup[],
    images: readonly Batch[],
    { executor, signal }: LearnerContext,
  ): Promise<OriginalFeatures> {
    const readers = [...new Set(groups.flatMap(({ consumers }) => consumers))];
    const program = await executor.compile(foldBatchNorms(graph));
    const batches: ReadonlyMap<string, Float32Array>[] = [];
    try {
      for (const batch of images) {
        signal.throwIfAborted();
        batches.push(await program.activations(batch, readers));
      }
    } finally {
      program.dispose();
    }
    const shapes = inferShapes(graph);
    return new OriginalFeatures(new Map(readers.map((name) => [name, shapes.get(name)?.at(-1) ?? 0])), batches);
  }

  /**
   * For each batch the features at the layers, those of them that the original has.
   * @param channels For each layer the output channels that the model still has.
   */
  at(layers: readonly string[], channels: ReadonlyMap<string, readonly number[]>): readonly TeacherOutputs[] {
    return this.batches.map((batch) => ({
      features: new Map(
        layers.flatMap((name) => {
          const features = batch.get(name);
          const width = this.widths.get(name) ?? 0;
          return features ? [[name, takeColumns(features, width, channels.get(name) ?? [])] as const] : [];
        }),
      ),
    }));
  }
}

/** Of a row-major `[rows, width]` matrix the given columns. */
function takeColumns(values: Float32Array, width: number, columns: readonly number[]): Float32Array {
  if (columns.length === width) return values;
  const taken = new Float32Array((values.length / width) * columns.length);
  for (let row = 0, at = 0; row < values.length; row += width) {
    for (const column of columns) taken[at++] = values[row + column];
  }
  return taken;
}
