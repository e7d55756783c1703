import type { Batch } from '../data/batch';
import { GraphError, parameters as parametersOf, type Graph } from '../graph/graph';
import { hasWeight, type Tensor } from '../graph/node';
import { inferShapes, size } from '../graph/shape';
import type { Differentiated, Differentiator } from './differentiator';
import { dropoutMask } from './dropout-mask';
import {
  TrainingDiverged,
  type Parameters,
  type StepResult,
  type TeacherOutputs,
  type TrainingOptions,
  type TrainingProgram,
  type TrainingState,
} from './executor';
import { classificationLoss } from './loss';
import { nodeLoss } from './node-loss';
import { parameter } from './parameter';
import { learnedRangeRate, SMALLEST_RANGE } from './quantizers/uniform-quantizer';
import { weightQuantizers, type WeightQuantizer } from './quantizers/weight-quantizer';
import { slotNames, update } from './update-rules';

/** Share of an observed range that each step keeps: it follows about the last hundred batches. */
const RANGE_MOMENTUM = 0.99;

/** A parameter that gradients update, and what belongs to it. */
interface Trainable {
  readonly value: Float32Array;
  readonly slots: readonly Float32Array[];
  /** Whether weight decay applies: it is for weights, not for biases and batch norm (He et al. 2018, "Bag of tricks"). */
  readonly decays: boolean;
  /** Factor of the gradient of each value, where a quantizer asks for one. */
  readonly rate?: (position: number) => number;
}

/**
 * Training on top of an executor's passes. Parameters, optimizer slots, averages and batch norm statistics are plain
 * arrays here, so the update is the same on every executor and a restored state goes on bit for bit.
 */
export class Trainer implements TrainingProgram {
  private step_ = 0;
  /** Every parameter, batch norm statistics included; the arrays are this object's own. */
  private readonly values: ReadonlyMap<string, Tensor>;
  private readonly trainables: ReadonlyMap<string, Trainable>;
  private readonly averages: ReadonlyMap<string, Tensor> | undefined;
  private masks: Parameters = new Map();
  /** Height times width of each node's output. */
  private readonly areas: ReadonlyMap<string, number>;
  /** Values of each node's output for one sample. */
  private readonly sizes: ReadonlyMap<string, number>;
  /** By the key of the weight. The values of these weights are what is trained, not what is computed with. */
  private readonly quantizers: ReadonlyMap<string, WeightQuantizer>;

  constructor(
    private readonly graph: Graph,
    private readonly options: TrainingOptions,
    private readonly differentiator: Differentiator,
  ) {
    this.values = copyOf(parametersOf(graph));
    const shapes = [...inferShapes(graph)];
    this.sizes = new Map(shapes.map(([name, shape]) => [name, size(shape)]));
    this.areas = new Map(shapes.map(([name, shape]) => [name, size(shape.slice(0, -1))]));
    this.quantizers = weightQuantizers(graph);
    this.averages = options.ema === undefined ? undefined : copyOf(this.values);
    const slots = slotNames(options.optimizer);
    const weights = new Set(graph.nodes.filter(hasWeight).map((node) => `${node.name}/weight`));
    this.trainables = new Map(
      [...this.trainedKeys()].map(([key, rate]) => {
        const value = parameter(this.values, key).data;
        const zeros = slots.map(() => new Float32Array(value.length));
        return [key, { value, slots: zeros, decays: weights.has(key), ...(rate && { rate }) }];
      }),
    );
  }

  async step(batch: Batch, learningRate: number, teacher?: TeacherOutputs): Promise<StepResult> {
    const { loss, correct, gradients, statistics, ranges } = await this.differentiate(batch, teacher);
    this.updateParameters(gradients, learningRate);
    this.settleLearnedRanges();
    this.updateStatistics(statistics);
    this.updateRanges(ranges);
    this.applyMasks(this.values);
    for (const quantizer of this.quantizers.values()) quantizer.settle(this.values);
    this.step_++;
    this.updateAverages();
    return { loss, correct };
  }

  setMasks(masks: Parameters): void {
    this.checkFits(masks, 'mask');
    this.masks = copyOf(masks);
  }

  /** Averages start anew from these values; optimizer slots are left alone. */
  setParameters(values: Parameters): void {
    this.checkFits(values, 'parameter');
    for (const [key, { data }] of values) {
      parameter(this.values, key).data.set(data);
      if (this.averages) parameter(this.averages, key).data.set(data);
    }
  }

  parameters(average = false): Promise<Parameters> {
    const values = copyOf((average ? this.averages : undefined) ?? this.values);
    // Values from before the mask still weigh in an average: a masked entry must be zero there too.
    if (average) this.applyMasks(values);
    for (const quantizer of this.quantizers.values()) quantizer.rest(values);
    return Promise.resolve(values);
  }

  state(): Promise<TrainingState> {
    return Promise.resolve({ step: this.step_, tensors: copyOf(this.stateTensors()) });
  }

  restore(state: TrainingState): void {
    const own = this.stateTensors();
    for (const [key, { data }] of own) {
      const saved = state.tensors.get(key);
      if (saved?.data.length !== data.length) {
        const found = saved ? `has ${saved.data.length} numbers where ${data.length} are needed` : 'is missing';
        throw new Error(`this training state is not of this model and optimizer: "${key}" ${found}`);
      }
    }
    for (const [key, { data }] of own) data.set(parameter(state.tensors, key).data);
    this.step_ = state.step;
  }

  async gradients(batch: Batch, teacher?: TeacherOutputs): Promise<{ loss: number; gradients: Parameters }> {
    const { loss, gradients } = await this.differentiate(batch, teacher);
    const shaped = new Map<string, Tensor>();
    for (const [key, data] of gradients) shaped.set(key, { shape: parameter(this.values, key).shape, data });
    return { loss, gradients: shaped };
  }

  dispose(): void {
    this.differentiator.dispose();
  }

  private async differentiate(batch: Batch, teacher: TeacherOutputs = {}): Promise<Differentiated & StepResult> {
    const { seed } = this.options;
    const step = this.step_;
    const quantized = new Map(
      [...this.quantizers].map(([key, quantizer]) => {
        const { shape } = parameter(this.values, key);
        return [key, { shape, data: quantizer.quantized(this.values) }] as const;
      }),
    );
    const state = {
      parameters: quantized.size > 0 ? new Map([...this.values, ...quantized]) : this.values,
      dropout: (node: string, rate: number, length: number) => dropoutMask(seed, step, node, rate, length),
    };
    let result: StepResult = { loss: NaN, correct: 0 };
    const { labels } = batch;
    const pass = await this.differentiator.differentiate(batch, state, ({ logits, nodes }) => {
      const targets = { labels, ...(teacher.logits && { teacherLogits: teacher.logits }) };
      const { loss, correct, gradient } = classificationLoss(logits, targets, this.options);
      const within = this.nodeLosses(nodes, labels, teacher);
      const total = loss + within.loss;
      if (!Number.isFinite(total)) throw new TrainingDiverged(step);
      result = { loss: total, correct };
      return { logits: gradient, nodes: within.gradients };
    });
    return { ...pass, gradients: this.byTrained(pass.gradients, quantized), ...result };
  }

  /** Gradients by what is trained of the quantized weights, in place of those by the weights as they were computed with. */
  private byTrained(gradients: Differentiated['gradients'], quantized: Parameters): Differentiated['gradients'] {
    if (this.quantizers.size === 0) return gradients;
    const all = new Map(gradients);
    for (const [key, quantizer] of this.quantizers) {
      const gradient = gradients.get(key)?.slice();
      if (!gradient) continue;
      const own = quantizer.backward(this.values, gradient, parameter(quantized, key).data);
      if (quantizer.trainsWeight) all.set(key, gradient);
      else all.delete(key);
      if (own && quantizer.own) all.set(quantizer.own.key, own);
    }
    return all;
  }

  /** Keys of what the update moves: what executors give gradients of, less or more for quantizers; each with its factor. */
  private trainedKeys(): ReadonlyMap<string, Trainable['rate']> {
    const keys = new Map<string, Trainable['rate']>(
      [...trainableKeys(this.graph, this.options.frozen)].map((key) => [key, undefined]),
    );
    for (const node of this.graph.nodes) {
      if (node.kind !== 'fakeQuant' || node.range !== 'learned') continue;
      const rate = learnedRangeRate(2 ** node.bits - 1, this.sizes.get(node.name) ?? 1);
      for (const key of [`${node.name}/min`, `${node.name}/max`]) if (keys.has(key)) keys.set(key, () => rate);
    }
    for (const [key, { trainsWeight, own }] of this.quantizers) {
      if (!keys.has(key)) continue;
      if (!trainsWeight) keys.delete(key);
      if (own) keys.set(own.key, own.rate);
    }
    return keys;
  }

  private nodeLosses(nodes: ReadonlyMap<string, Float32Array>, labels: Int32Array, { features }: TeacherOutputs) {
    const gradients = new Map<string, Float32Array>();
    let sum = 0;
    for (const term of this.options.losses ?? []) {
      const value = nodes.get(term.node);
      if (!value) throw new GraphError(`there is no node "${term.node}" to take a loss at`);
      const teacher = features?.get(term.node);
      const area = this.areas.get(term.node) ?? 1;
      const { loss, gradient } = nodeLoss(term, { value, area, labels, ...(teacher && { teacher }) });
      sum += loss;
      const others = gradients.get(term.node);
      gradients.set(term.node, others ? gradient.map((slope, i) => slope + others[i]) : gradient);
    }
    return { loss: sum, gradients };
  }

  private updateParameters(gradients: ReadonlyMap<string, Float32Array>, learningRate: number): void {
    const { optimizer, weightDecay } = this.options;
    const scale = this.clippingScale(gradients);
    for (const [key, { value, slots, decays, rate }] of this.trainables) {
      const whole = gradients.get(key);
      const gradient = rate ? whole?.map((slope, i) => slope * rate(i)) : whole;
      // A layer that the output doesn't depend on has no gradient.
      if (!gradient) continue;
      const decay = decays ? weightDecay : 0;
      update(optimizer, value, gradient, slots, { learningRate, decay, scale, time: this.step_ + 1 });
    }
  }

  /** Pascanu et al. 2013, algorithm 1: one factor for all gradients, so that their direction stays. */
  private clippingScale(gradients: ReadonlyMap<string, Float32Array>): number {
    const { clipNorm } = this.options;
    if (clipNorm === undefined) return 1;
    let squares = 0;
    for (const gradient of gradients.values()) for (const value of gradient) squares += value * value;
    const norm = Math.sqrt(squares);
    if (!Number.isFinite(norm)) throw new TrainingDiverged(this.step_);
    return norm > clipNorm ? clipNorm / norm : 1;
  }

  private updateStatistics(statistics: Differentiated['statistics']): void {
    for (const node of this.graph.nodes) {
      if (node.kind !== 'batchNorm') continue;
      const batch = statistics.get(node.name);
      if (!batch) continue;
      blend(parameter(this.values, `${node.name}/mean`).data, batch.mean, node.momentum);
      blend(parameter(this.values, `${node.name}/variance`).data, batch.variance, node.momentum);
    }
  }

  /** 0 stays within a range that is learned, and a range stays one. */
  private settleLearnedRanges(): void {
    for (const node of this.graph.nodes) {
      if (node.kind !== 'fakeQuant' || node.range !== 'learned') continue;
      const [min, max] = [
        parameter(this.values, `${node.name}/min`).data,
        parameter(this.values, `${node.name}/max`).data,
      ];
      min[0] = Math.min(min[0], 0);
      max[0] = Math.max(max[0], 0, min[0] + SMALLEST_RANGE);
    }
  }

  /** Moving averages of the smallest and largest values (Jacob et al. 2018, section 3.1); 0 stays within. */
  private updateRanges(ranges: Differentiated['ranges']): void {
    for (const [node, { min, max }] of ranges) {
      blend(parameter(this.values, `${node}/min`).data, Float32Array.of(Math.min(min, 0)), RANGE_MOMENTUM);
      blend(parameter(this.values, `${node}/max`).data, Float32Array.of(Math.max(max, 0)), RANGE_MOMENTUM);
    }
  }

  /**
   * The decay grows from 0.18 to its set value, as `min(ema, (1 + step) / (10 + step))` (TensorFlow's
   * ExponentialMovingAverage), else a short training would end with an average that is mostly its start.
   */
  private updateAverages(): void {
    const { ema } = this.options;
    if (ema === undefined || !this.averages) return;
    const decay = Math.min(ema, (1 + this.step_) / (10 + this.step_));
    for (const [key, { data }] of this.averages) blend(data, parameter(this.values, key).data, decay);
  }

  private applyMasks(values: Parameters): void {
    for (const [key, mask] of this.masks) {
      const { data } = parameter(values, key);
      for (let i = 0; i < data.length; i++) data[i] *= mask.data[i];
    }
  }

  /** All that a step reads and changes; masks come from the caller, who sets them again. */
  private stateTensors(): ReadonlyMap<string, Tensor> {
    const tensors = new Map<string, Tensor>();
    for (const [key, tensor] of this.values) tensors.set(`parameters/${key}`, tensor);
    for (const [key, tensor] of this.averages ?? []) tensors.set(`averages/${key}`, tensor);
    const names = slotNames(this.options.optimizer);
    for (const [key, { slots }] of this.trainables) {
      const { shape } = parameter(this.values, key);
      slots.forEach((data, i) => tensors.set(`${names[i]}/${key}`, { shape, data }));
    }
    return tensors;
  }

  private checkFits(tensors: Parameters, what: string): void {
    for (const [key, { data }] of tensors) {
      const own = this.values.get(key);
      if (!own) throw new GraphError(`the ${what} "${key}" fits no parameter of the model`);
      if (own.data.length !== data.length) {
        throw new GraphError(
          `the ${what} "${key}" has ${data.length} numbers, its parameter [${own.shape.join(', ')}]`,
        );
      }
    }
  }
}

/** Keys of the parameters that get a gradient: all but the frozen ones, batch norm statistics and ranges not learned. */
export function trainableKeys(graph: Graph, frozen?: ReadonlySet<string>): ReadonlySet<string> {
  const keys = new Set([...parametersOf(graph).keys()].filter((key) => !/\/(range|codebook)$/.test(key)));
  for (const node of graph.nodes) {
    if (node.kind === 'batchNorm') {
      keys.delete(`${node.name}/mean`);
      keys.delete(`${node.name}/variance`);
    } else if (node.kind === 'fakeQuant' && node.range !== 'learned') {
      keys.delete(`${node.name}/min`);
      keys.delete(`${node.name}/max`);
    }
  }
  for (const key of frozen ?? []) {
    if (!parametersOf(graph).has(key)) throw new GraphError(`the frozen parameter "${key}" is not in the model`);
    keys.delete(key);
  }
  return keys;
}

/** `old = share * old + (1 - share) * fresh`. */
function blend(old: Float32Array, fresh: Float32Array, share: number): void {
  for (let i = 0; i < old.length; i++) old[i] = share * old[i] + (1 - share) * fresh[i];
}

function copyOf(tensors: Parameters): ReadonlyMap<string, Tensor> {
  return new Map([...tensors].map(([key, { shape, data }]) => [key, { shape, data: data.slice() }]));
}
