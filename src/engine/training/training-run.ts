import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../data/batch';
import { findNode, withParameters, type Graph } from '../graph/graph';
import type { Tensor } from '../graph/node';
import type { Program, StepResult, TeacherOutputs, TrainingProgram } from '../runtime/executor';
import type { EpochRecord, LoopPosition } from './checkpoint';
import { checkOutputs, evaluate } from './evaluate';
import { EpochClock } from './epoch-clock';
import { fingerprint } from './fingerprint';
import { Progress } from './progress';
import { learningRate, stepsOf } from './schedule';
import type { Teacher } from './teacher';
import type { TrainOptions, TrainResult } from './train';
import { untilAborted } from './until-aborted';
import { withMasks } from './with-masks';

const CHECKPOINT_MS = 60_000;

/** A training under way: the loop's position, and what happens at each step and epoch. Driven by `train()`. */
export class TrainingRun {
  private step = 0;
  private position: LoopPosition = { history: [], running: noSteps() };
  private readonly batchSize: number;
  private readonly stepsPerEpoch: number;
  private readonly totalSteps: number;
  private readonly fingerprint: string;
  private readonly clock = new EpochClock();
  private readonly progress: Progress;
  private lastCheckpoint = performance.now();

  private constructor(
    private readonly options: TrainOptions,
    /** What training starts from, masks applied. */
    private readonly startGraph: Graph,
    private readonly program: TrainingProgram,
    /** The same graph in inference mode, for validation. */
    private readonly validator: Program,
  ) {
    const { graph, dataset, plan, seed, phase, emit } = options;
    this.batchSize = Math.min(plan.batchSize, dataset.counts.train);
    this.stepsPerEpoch = Math.floor(dataset.counts.train / this.batchSize);
    this.totalSteps = stepsOf(plan.epochs, this.stepsPerEpoch);
    this.progress = new Progress(phase, this.totalSteps, emit);
    this.fingerprint = fingerprint(graph, dataset, plan, seed);
  }

  static async start(options: TrainOptions): Promise<TrainingRun> {
    const { executor, dataset, plan, seed, initialMasks, teacher } = options;
    if (dataset.counts.train === 0) throw new Error(`data set ${dataset.name} has no training samples`);
    if (plan.distillation && !teacher) {
      throw new Error('training.distillation is set, but there is no original model to learn from: set it to false');
    }
    const graph = initialMasks ? withMasks(options.graph, initialMasks) : options.graph;
    const program = await executor.compileTraining(graph, {
      optimizer: plan.optimizer,
      labelSmoothing: plan.labelSmoothing,
      weightDecay: plan.weightDecay,
      seed,
      ...(plan.distillation && { distillation: plan.distillation }),
      ...(plan.distillation && teacher && { losses: teacher.losses }),
      ...(plan.clipNorm !== undefined && { clipNorm: plan.clipNorm }),
      ...(plan.ema !== undefined && { ema: plan.ema }),
    });
    if (initialMasks) program.setMasks(initialMasks);
    // What training starts from is what the program computes with: quantized weights are rounded.
    const startGraph = withParameters(graph, await program.parameters());
    const run = new TrainingRun(options, startGraph, program, await executor.compile(startGraph));
    try {
      await run.resume();
      await run.scoreStart();
      // What came before belongs to no epoch.
      run.clock.take();
    } catch (error) {
      run.dispose();
      throw error;
    }
    return run;
  }

  get finished(): boolean {
    return this.position.history.length >= this.epochs;
  }

  private get epochs(): number {
    return Math.ceil(this.totalSteps / this.stepsPerEpoch);
  }

  /** Trains to the end of the current epoch, from wherever within it the position is. */
  async epoch(): Promise<void> {
    const { dataset, plan, signal } = this.options;
    const epoch = this.position.history.length;
    const end = Math.min((epoch + 1) * this.stepsPerEpoch, this.totalSteps);
    if (this.step < end) {
      const batches = dataset.batches('train', {
        batchSize: this.batchSize,
        augment: plan.augmentation.enabled,
        cutout: plan.augmentation.cutout,
        shuffle: true,
        epoch,
        startBatch: this.step - epoch * this.stepsPerEpoch,
        dropLast: true,
      });
      for await (const batch of untilAborted(batches, signal)) {
        await this.trainStep(batch);
        // The native executor is synchronous: without this neither a stop nor a message would be heard.
        await setImmediate();
        if (this.step === end) break;
        if (performance.now() - this.lastCheckpoint >= CHECKPOINT_MS) await this.save();
      }
      if (this.step < end) {
        throw new Error(
          `data set ${dataset.name} ended after step ${this.step} of ${end}: its files may be incomplete`,
        );
      }
    }
    await this.finishEpoch(epoch);
  }

  async result(): Promise<TrainResult> {
    const { graph, phase, plan, emit, hook } = this.options;
    const { history, startAccuracy } = this.position;
    const endAccuracy = history.at(-1)?.validationAccuracy ?? startAccuracy;
    const guarded = this.options.keepStartIfBetter ?? hook === undefined;
    if (guarded && startAccuracy !== undefined && endAccuracy !== undefined && endAccuracy < startAccuracy) {
      const text =
        `${phase}: training lowered validation accuracy from ${startAccuracy.toFixed(2)} % to ` +
        `${endAccuracy.toFixed(2)} %, so the model from before it is kept. A lower training.learningRate may help`;
      emit({ type: 'message', level: 'warning', text });
      return { graph: this.startGraph, history, validationAccuracy: startAccuracy, keptStart: true };
    }
    return {
      graph: withParameters(graph, await this.program.parameters(plan.ema !== undefined)),
      history,
      ...(endAccuracy !== undefined && { validationAccuracy: endAccuracy }),
      keptStart: false,
    };
  }

  /** A stop must not fail for want of a checkpoint, but the user has to know what it costs. */
  async saveAfterAbort(): Promise<void> {
    try {
      await this.save();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.options.emit({ type: 'message', level: 'error', text });
    }
  }

  dispose(): void {
    this.program.dispose();
    this.validator.dispose();
  }

  private async trainStep(batch: Batch): Promise<void> {
    const { plan, hook, teacher } = this.options;
    const started = performance.now();
    await hook?.onStep({ step: this.step, totalSteps: this.totalSteps, program: this.program });
    const rate = this.rateAt(this.step);
    const lesson = plan.distillation && teacher ? await this.lesson(teacher, batch) : undefined;
    const result = await this.clock.executor(() => this.program.step(batch, rate, lesson));
    this.step++;
    this.count(result, batch.count);
    if (this.step === this.totalSteps) {
      await hook?.onStep({ step: this.step, totalSteps: this.totalSteps, program: this.program });
    }
    const validations = this.epochs - this.position.history.length;
    this.progress.stepDone(this.step, (performance.now() - started) / 1000, this.position.running, validations);
  }

  private rateAt(step: number): number {
    const { plan } = this.options;
    return learningRate(step, {
      totalSteps: this.totalSteps,
      warmupSteps: Math.round(plan.warmupEpochs * this.stepsPerEpoch),
      peak: plan.learningRate,
      schedule: plan.schedule,
    });
  }

  private async lesson(teacher: Teacher, batch: Batch): Promise<TeacherOutputs> {
    const outputs = await this.clock.executor(() => teacher.teach(batch));
    if (outputs.logits)
      checkOutputs(outputs.logits, batch, this.options.dataset, 'the model that distillation learns from');
    return outputs;
  }

  private count({ loss, correct }: StepResult, samples: number): void {
    const { running } = this.position;
    running.loss += loss * samples;
    running.correct += correct;
    running.samples += samples;
  }

  private async finishEpoch(epoch: number): Promise<void> {
    const { phase, emit, plan } = this.options;
    this.validator.setParameters(await this.clock.executor(() => this.program.parameters(plan.ema !== undefined)));
    const validationAccuracy = await this.validate();
    this.countTime();
    const { loss, correct, samples, seconds, busySeconds } = this.position.running;
    const record: EpochRecord = {
      epoch: epoch + 1,
      loss: loss / samples,
      trainAccuracy: (100 * correct) / samples,
      ...(validationAccuracy !== undefined && { validationAccuracy }),
      learningRate: this.rateAt(this.step - 1),
      seconds,
      executorBusy: Math.min(1, busySeconds / seconds),
    };
    this.position = { ...this.position, history: [...this.position.history, record], running: noSteps() };
    emit({ type: 'epoch', phase, epochs: this.epochs, ...record });
    await this.save();
  }

  /** Accuracy of the validator on the validation split, percent; undefined when there is none. */
  private async validate(): Promise<number | undefined> {
    const { dataset, graph, signal } = this.options;
    if (dataset.counts.validation === 0) return undefined;
    const started = performance.now();
    const timed = { forward: (batch: Batch) => this.clock.executor(() => this.validator.forward(batch)) };
    const outputs = findNode(graph, graph.output).kind === 'softmax' ? 'probabilities' : 'logits';
    const { accuracy } = await evaluate(timed, dataset, 'validation', { signal, outputs });
    this.progress.validationSeconds = (performance.now() - started) / 1000;
    return accuracy;
  }

  private async scoreStart(): Promise<void> {
    if (this.position.startAccuracy !== undefined) return;
    const startAccuracy = await this.validate();
    if (startAccuracy !== undefined) this.position = { ...this.position, startAccuracy };
  }

  /** Moves the time since the last call into the epoch's sums. */
  private countTime(): void {
    const { running } = this.position;
    const { seconds, busySeconds } = this.clock.take();
    running.seconds += seconds;
    running.busySeconds += busySeconds;
  }

  private async save(): Promise<void> {
    const { checkpoints, hook, phase, stage = 0, emit } = this.options;
    if (!checkpoints) return;
    this.countTime();
    const state = await this.clock.executor(() => this.program.state());
    const checkpoint = { state, position: this.position, hook: hook?.state?.() ?? new Map<string, Tensor>() };
    const path = await checkpoints.save(checkpoint, this.fingerprint);
    this.lastCheckpoint = performance.now();
    emit({ type: 'checkpoint', stage, path, phase, epoch: this.position.history.length });
  }

  private async resume(): Promise<void> {
    const { checkpoints, hook, emit, phase } = this.options;
    const { checkpoint, damaged } = (await checkpoints?.load(this.fingerprint)) ?? { damaged: [] };
    for (const path of damaged) {
      emit({ type: 'message', level: 'warning', text: `${phase}: the checkpoint ${path} is damaged and was skipped` });
    }
    if (!checkpoint) return;
    this.step = checkpoint.state.step;
    this.position = checkpoint.position;
    this.program.restore(checkpoint.state);
    hook?.restore?.(checkpoint.hook, this.program);
    const where = `step ${this.step} of ${this.totalSteps}`;
    emit({ type: 'message', level: 'info', text: `${phase}: goes on from the checkpoint at ${where}` });
  }
}

function noSteps(): LoopPosition['running'] {
  return { loss: 0, correct: 0, samples: 0, seconds: 0, busySeconds: 0 };
}
