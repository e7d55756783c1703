import type { Graph } from '../../graph/graph';
import { upToLogits } from '../classifier';
import type { Executor, Program, TrainingOptions, TrainingProgram } from '../executor';
import { Trainer, trainableKeys } from '../trainer';
import { Engine, type NumberType } from './engine';
import { openLibrary, type Library } from './library';
import { OneDnnDifferentiator } from './onednn-differentiator';
import { OneDnnProgram } from './onednn-program';

/** Plans a graph once for each size of batch, and runs it by oneDNN's primitives. */
export class OneDnnExecutor implements Executor {
  readonly name = 'onednn';
  private readonly engine: Engine;

  constructor(
    private readonly library: Library,
    readonly threads: number,
    private readonly type: NumberType = 'f32',
  ) {
    this.engine = new Engine(library);
  }

  get version(): string {
    return `${this.library.version} (${this.library.instructionSet})`;
  }

  async compile(graph: Graph): Promise<Program> {
    return new OneDnnProgram(this.engine, graph, this.type);
  }

  /** @throws Error when the model's output is not one vector a sample. */
  async compileTraining(graph: Graph, options: TrainingOptions): Promise<TrainingProgram> {
    const trainable = trainableKeys(graph, options.frozen);
    const taps = new Set((options.losses ?? []).map(({ node }) => node));
    const logits = upToLogits(graph);
    return new Trainer(graph, options, new OneDnnDifferentiator(this.engine, logits, this.type, trainable, taps));
  }
}

/** @throws Error that says why no library loads. */
export function loadOneDnn(threads: number): OneDnnExecutor {
  return new OneDnnExecutor(openLibrary(threads), threads);
}
