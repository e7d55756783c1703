import type { Graph } from '../graph/graph';
import type { Tensor } from '../graph/node';
import type { Batch } from '../data/batch';
import type { Optimizer } from '../training/optimizer';
import type { NodeLoss } from './node-loss';

/** Parameters by `node/param`, as in graph `parameters()`. */
export type Parameters = ReadonlyMap<string, Tensor>;

/**
 * Turns graphs into programs. All nodes of a graph are run, those too that the output does not depend on: they may be
 * heads that a loss is taken at. The interface asks nothing of how: an executor may interpret, or plan everything once for
 * a fixed batch size. Everything that crosses it is plain data (Float32Array, Map), never a framework's tensor.
 */
export interface Executor {
  readonly name: string;
  /** Version of the native library behind it, for `doctor` and the journal. */
  readonly version: string;
  compile(graph: Graph): Promise<Program>;
  /** Compiles for training. Parameters that `options.frozen` names, and all batch norm statistics, get no gradient. */
  compileTraining(graph: Graph, options: TrainingOptions): Promise<TrainingProgram>;
}

/** A graph that runs in inference mode. Batches may differ in size from call to call. */
export interface Program {
  /** The model's output for each sample, row-major `[batch.count, outputs]`. */
  forward(batch: Batch): Promise<Float32Array>;
  /** Outputs of the named nodes, each row-major `[batch.count, ...shape]`. */
  activations(batch: Batch, nodes: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>;
  /**
   * Forward with batch statistics instead of running ones: per batch norm node the mean and biased variance
   * of each channel over batch and space. For recalibration.
   */
  batchStatistics(batch: Batch): Promise<ReadonlyMap<string, { mean: Float32Array; variance: Float32Array }>>;
  setParameters(values: Parameters): void;
  dispose(): void;
}

export interface TrainingOptions {
  readonly optimizer: Optimizer;
  /** Share of probability mass moved from the label to all classes, [0, 1). */
  readonly labelSmoothing: number;
  /** Adds `weight * temperature^2 * KL(teacher || student)` at the temperature (Hinton et al. 2015). */
  readonly distillation?: { readonly weight: number; readonly temperature: number };
  /** L2 decay on conv and dense weights; coupled for SGD and Adam, decoupled for AdamW (Loshchilov & Hutter 2019). */
  readonly weightDecay: number;
  /** Largest global gradient norm; gradients above it are scaled down. */
  readonly clipNorm?: number;
  /** Decay of an exponential moving average of the parameters, (0, 1); absent: none is kept. */
  readonly ema?: number;
  /** Parameters that stay as they are, by `node/param`. */
  readonly frozen?: ReadonlySet<string>;
  /** Losses at nodes within the model, added to the one at its output; two may be at one node. */
  readonly losses?: readonly NodeLoss[];
  /** Seed of dropout. */
  readonly seed: number;
}

/** What a teacher makes of a batch. */
export interface TeacherOutputs {
  /** Row-major `[batch.count, classes]`, needed with distillation. */
  readonly logits?: Float32Array;
  /** By node of the student, as its {@link NodeLoss} needs them. */
  readonly features?: ReadonlyMap<string, Float32Array>;
}

export interface StepResult {
  /** Mean loss over the batch, without weight decay. */
  readonly loss: number;
  /** Samples whose highest output is the label. */
  readonly correct: number;
}

/** Everything needed to go on with training where it stood: parameters, optimizer slots, averages, step count. */
export interface TrainingState {
  readonly step: number;
  readonly tensors: Parameters;
}

export interface TrainingProgram {
  /**
   * One optimizer step.
   * @throws TrainingDiverged when the loss is not finite.
   */
  step(batch: Batch, learningRate: number, teacher?: TeacherOutputs): Promise<StepResult>;
  /** 0/1 masks by `node/param`, multiplied into the parameter after each update; optimizer slots are left alone. */
  setMasks(masks: Parameters): void;
  setParameters(values: Parameters): void;
  /** Current values, or their moving average when `average` and the options ask for one. Batch norm statistics included. */
  parameters(average?: boolean): Promise<Parameters>;
  state(): Promise<TrainingState>;
  restore(state: TrainingState): void;
  /** Loss and the gradient of every trainable parameter on one batch, without an update: for learners and for tests. */
  gradients(batch: Batch, teacher?: TeacherOutputs): Promise<{ loss: number; gradients: Parameters }>;
  dispose(): void;
}

export class TrainingDiverged extends Error {
  override readonly name = 'TrainingDiverged';
  constructor(readonly step: number) {
    super(
      `the loss is no longer a finite number at step ${step}: lower training.learningRate, or set training.clipNorm`,
    );
  }
}
