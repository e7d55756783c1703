import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../../data/batch';
import { bottlenecks, segment } from '../../graph/edits/segment';
import { inputNode, withParameters, type Graph } from '../../graph/graph';
import { inferShapes, size } from '../../graph/shape';
import type { Executor, Parameters } from '../../runtime/executor';

/** Numbers that may be held, 256 MB; beyond that features are computed again from further back. */
const MOST_VALUES = 64 * 2 ** 20;

export interface SeenBatch {
  /** Index of its first image among all. */
  readonly first: number;
  readonly count: number;
  /** By node, row-major `[count, ...shape]`. */
  readonly values: ReadonlyMap<string, Float32Array>;
}

/**
 * Images on their way through a model whose layers change one after the other. What comes out of the part that is
 * finished is held, so that to look at the next layer takes a pass through a block, not through the model.
 */
export class Frontier {
  private at: string;
  private features: readonly Batch[];
  private readonly stops: readonly string[];
  private readonly place: ReadonlyMap<string, number>;

  constructor(
    private readonly executor: Executor,
    /** With the parameters as they are by now. */
    public graph: Graph,
    images: readonly Batch[],
    private readonly signal: AbortSignal,
  ) {
    this.at = inputNode(graph).name;
    this.features = images;
    const total = images.reduce((sum, { count }) => sum + count, 0);
    const shapes = inferShapes(graph);
    this.stops = bottlenecks(graph).filter((name) => total * size(shapes.get(name) ?? []) <= MOST_VALUES);
    this.place = new Map(graph.nodes.map((node, i) => [node.name, i]));
  }

  setParameters(values: Parameters): void {
    this.graph = withParameters(this.graph, values);
  }

  /** What the nodes put out, with all parameters as they are now. Layers before the first of them must be finished. */
  async *see(nodes: readonly string[]): AsyncGenerator<SeenBatch, void> {
    await this.advance(Math.min(...nodes.map((node) => this.placeOf(node))));
    yield* this.run(nodes);
  }

  private async advance(place: number): Promise<void> {
    const next = this.stops.findLast((name) => this.placeOf(name) <= place);
    if (next === undefined || this.placeOf(next) <= this.placeOf(this.at)) return;
    const features: Batch[] = [];
    for await (const { count, values } of this.run([next])) {
      const images = values.get(next);
      if (images) features.push({ count, images, labels: new Int32Array(count) });
    }
    this.features = features;
    this.at = next;
  }

  private async *run(nodes: readonly string[]): AsyncGenerator<SeenBatch, void> {
    const program = await this.executor.compile(segment(this.graph, this.at, nodes));
    try {
      let first = 0;
      for (const batch of this.features) {
        const values = await program.activations(batch, nodes);
        yield { first, count: batch.count, values };
        first += batch.count;
        // The native executor is synchronous: without this a stop would not be heard.
        await setImmediate();
        this.signal.throwIfAborted();
      }
    } finally {
      program.dispose();
    }
  }

  private placeOf(node: string): number {
    return this.place.get(node) ?? 0;
  }
}
