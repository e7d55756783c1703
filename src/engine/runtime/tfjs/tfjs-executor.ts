import type { Graph } from '../../graph/graph';
import { upToLogits } from '../classifier';
import type { Executor, Program, TrainingOptions, TrainingProgram } from '../executor';
import { Trainer, trainableKeys } from '../trainer';
import type { Backend } from './kernels';
import { Network } from './network';
import { TfjsDifferentiator } from './tfjs-differentiator';
import { TfjsProgram } from './tfjs-program';

/** Interprets a graph node by node on TensorFlow.js, native or WebAssembly. */
export class TfjsExecutor implements Executor {
  constructor(private readonly backend: Backend) {}

  get name(): string {
    return this.backend.name;
  }

  get version(): string {
    return this.backend.version;
  }

  async compile(graph: Graph): Promise<Program> {
    return new TfjsProgram(graph, this.backend);
  }

  /** @throws Error when the model's output is not one vector a sample. */
  async compileTraining(graph: Graph, options: TrainingOptions): Promise<TrainingProgram> {
    const network = new Network(upToLogits(graph), this.backend);
    const trainable = trainableKeys(graph, options.frozen);
    const taps = new Set((options.losses ?? []).map(({ node }) => node));
    const differentiator = new TfjsDifferentiator(network, this.backend, trainable, taps);
    return new Trainer(graph, options, differentiator);
  }
}
