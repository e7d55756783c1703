import type { Graph } from '../../graph/graph';
import { upToLogits } from '../classifier';
import type { Executor, Program, TrainingOptions, TrainingProgram } from '../executor';
import { Trainer, trainableKeys } from '../trainer';
import { Engine, type NumberType } from './engine';
import { openLibrary } from './library';
import { OneDnnDifferentiator } from './onednn-differentiator';
import { OneDnnProgram } from './onednn-program';

/** Plans a graph once for each size of batch, and runs it by oneDNN's primitives. */
export class OneDnnExecutor implements Executor {
  readonly name = 'onednn';

  /** @param precision Of activations and their gradients in training; inference is in float32. */
  constructor(
    private readonly engine: Engine,
    private readonly precision: NumberType,
  ) {}

  get version(): string {
    const { version, instructionSet } = this.engine.library;
    return `${version} (${instructionSet})`;
  }

  async compile(graph: Graph): Promise<Program> {
    return new OneDnnProgram(this.engine, graph);
  }

  /** @throws Error when the model's output is not one vector a sample. */
  async compileTraining(graph: Graph, options: TrainingOptions): Promise<TrainingProgram> {
    const trainable = trainableKeys(graph, options.frozen);
    const taps = new Set((options.losses ?? []).map(({ node }) => node));
    const logits = upToLogits(graph);
    return new Trainer(graph, options, new OneDnnDifferentiator(this.engine, logits, this.precision, trainable, taps));
  }
}

/**
 * Executors in float32, and in bf16 where the CPU computes with it: elsewhere it would be slower.
 * @throws Error that says why no library loads.
 */
export function loadOneDnn(threads: number): { executor: OneDnnExecutor; inBf16?: OneDnnExecutor } {
  const library = openLibrary(threads);
  const engine = new Engine(library);
  const executor = new OneDnnExecutor(engine, 'f32');
  return library.hasBf16 ? { executor, inBf16: new OneDnnExecutor(engine, 'bf16') } : { executor };
}
