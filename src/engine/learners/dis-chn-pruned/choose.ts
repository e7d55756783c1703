import { setImmediate } from 'node:timers/promises';
import type { DisChnPrunedOptions } from '../../../config/learners/dis-chn-pruned';
import type { Batch } from '../../data/batch';
import { bottlenecks, segment } from '../../graph/edits/segment';
import { findNode, makeGraph, parameters, type Graph } from '../../graph/graph';
import type { ChannelGroup } from '../../graph/groups';
import type { Tensor } from '../../graph/node';
import type { Executor, Parameters, TeacherOutputs, TrainingProgram } from '../../runtime/executor';
import { isMixing, type MixingNode } from '../channel/patches';
import { stepOf } from '../channel/ratios';
import { adam } from './tune';

/** Rounds in which channels are added; the paper adds one channel a round, which in wide layers is a hundred times the work. */
const MOST_ROUNDS = 16;

export interface Choice {
  /** Units that stay, ascending. */
  readonly kept: readonly number[];
  /** Weights of the layers that read them, as trained meanwhile; zero at the units that go. */
  readonly weights: Parameters;
}

/** What was drawn for the choice: images with their labels, and for each what the original gives at the readers. */
export interface Evidence {
  readonly images: readonly Batch[];
  readonly features: readonly TeacherOutputs[];
}

/**
 * Chooses channels greedily (Zhuang et al. 2018, algorithm 2): beginning with none, always those are added whose weights in
 * the readers have the largest gradient of `|features - original features|^2 / 2 + discrimination * cross-entropy`, averaged
 * over all the images; then the readers are trained a little. An added channel comes with the weights that it had.
 *
 * @param model Without batch norms that could be folded: while few channels are there, their statistics would be nothing.
 *   Its output are the logits of the part's classifier.
 * @param count Units to keep at most.
 */
export async function chooseUnits(
  model: Graph,
  group: ChannelGroup,
  count: number,
  { images, features }: Evidence,
  options: DisChnPrunedOptions,
  { executor, seed, signal }: { executor: Executor; seed: number; signal: AbortSignal },
): Promise<Choice> {
  const start = startBefore(model, group);
  const inputs = await featuresAt(executor, model, start, images);
  const rest = segment(model, start, [model.output]);
  const readers = group.consumers.map((name) => findNode(rest, name)).filter(isMixing);
  const unitsOf = new Map(readers.map((reader) => [`${reader.name}/weight`, unitOfWeights(group, reader)]));
  const trained = parameters(rest);
  const free = new Set(readers.flatMap(({ name }) => [`${name}/weight`, `${name}/bias`]));

  const program = await executor.compileTraining(rest, {
    optimizer: adam,
    labelSmoothing: 0,
    weightDecay: 0,
    frozen: new Set([...trained.keys()].filter((key) => !free.has(key))),
    // The classifier itself may read the group; it has no counterpart in the original.
    losses: readers
      .filter(({ name }) => features[0]?.features?.has(name))
      .map(({ name }) => ({ node: name, weight: 0.5 / options.discrimination, kind: 'features' })),
    seed,
  });
  const batches = inputs.map((batch, i) => [batch, features[i]] as const);
  const chosen = new Set<number>();
  const rounds = Math.min(MOST_ROUNDS, count);
  const perRound = Math.ceil(count / rounds);
  const steps = Math.ceil(options.layerSteps / rounds);
  const step = stepOf(group.units.length, options.multipleOf);
  try {
    let taken = 0;
    let [first, before] = [0, 0];
    for (let round = 0; chosen.size < count; round++) {
      const masks = new Map([...unitsOf].map(([key, units]) => [key, maskOf(units, chosen, trained.get(key))]));
      program.setMasks(masks);
      if (round === 0)
        program.setParameters(new Map([...masks].map(([key, mask]) => [key, product(trained.get(key), mask)])));
      const { loss, norms } = await gradientNorms(program, batches, unitsOf, group.units.length, signal);
      if (round === 0) first = loss;
      else if (options.tolerance > 0 && chosen.size % step === 0 && before - loss <= options.tolerance * first) break;
      before = loss;
      const added = [...norms.keys()]
        .filter((unit) => !chosen.has(unit))
        .sort((a, b) => norms[b] - norms[a])
        .slice(0, Math.min(perRound, count - chosen.size));
      for (const unit of added) chosen.add(unit);
      await bringBack(program, unitsOf, new Set(added), chosen, trained);
      for (let i = 0; i < steps; i++) {
        const [batch, teacher] = batches[taken++ % batches.length];
        await program.step(batch, options.learningRate, teacher);
        await setImmediate();
        signal.throwIfAborted();
      }
    }
    const values = await program.parameters();
    return {
      kept: [...chosen].sort((a, b) => a - b),
      weights: new Map([...values].filter(([key]) => free.has(key))),
    };
  } finally {
    program.dispose();
  }
}

/** The last node before the group's producers that all of them see the model through: what comes before need not be run again. */
function startBefore(model: Graph, group: ChannelGroup): string {
  const place = new Map(model.nodes.map(({ name }, i) => [name, i]));
  const first = Math.min(...group.producers.map((name) => place.get(name) ?? 0));
  return bottlenecks(model).findLast((name) => (place.get(name) ?? 0) < first) ?? model.nodes[0].name;
}

async function featuresAt(
  executor: Executor,
  model: Graph,
  node: string,
  images: readonly Batch[],
): Promise<readonly Batch[]> {
  if (findNode(model, node).kind === 'input') return images;
  const program = await executor.compile(makeGraph(model.name, model.nodes, node));
  const batches: Batch[] = [];
  try {
    for (const batch of images) batches.push({ ...batch, images: await program.forward(batch) });
  } finally {
    program.dispose();
  }
  return batches;
}

/** For each weight of a reader the unit whose channel it multiplies, -1 for channels that are not the group's. */
function unitOfWeights(group: ChannelGroup, reader: MixingNode): Int32Array {
  const { shape, data } = reader.params.weight;
  const [rows, outputs] = shape.slice(-2);
  const groups = reader.kind === 'conv2d' ? reader.groups : 1;
  const units = new Int32Array(rows * groups).fill(-1);
  group.units.forEach((unit, u) => {
    for (const channel of unit.channels.get(reader.inputs[0]) ?? []) units[channel] = u;
  });
  return Int32Array.from(data, (_, i) => {
    const convolutionGroup = Math.floor(((i % outputs) * groups) / outputs);
    return units[convolutionGroup * rows + (Math.floor(i / outputs) % rows)];
  });
}

function maskOf(units: Int32Array, chosen: ReadonlySet<number>, weight: Tensor | undefined): Tensor {
  return {
    shape: weight?.shape ?? [units.length],
    data: Float32Array.from(units, (unit) => (unit < 0 || chosen.has(unit) ? 1 : 0)),
  };
}

function product(weight: Tensor | undefined, mask: Tensor): Tensor {
  return { shape: mask.shape, data: mask.data.map((bit, i) => bit * (weight?.data[i] ?? 0)) };
}

/** Norm of each unit's mean gradient over the batches, all readers together, and the mean loss. */
async function gradientNorms(
  program: TrainingProgram,
  batches: readonly (readonly [Batch, TeacherOutputs])[],
  unitsOf: ReadonlyMap<string, Int32Array>,
  units: number,
  signal: AbortSignal,
): Promise<{ loss: number; norms: Float64Array }> {
  const sums = new Map([...unitsOf].map(([key, { length }]) => [key, new Float64Array(length)]));
  let loss = 0;
  for (const [batch, teacher] of batches) {
    const result = await program.gradients(batch, teacher);
    loss += result.loss / batches.length;
    for (const [key, sum] of sums) result.gradients.get(key)?.data.forEach((value, i) => (sum[i] += value));
    await setImmediate();
    signal.throwIfAborted();
  }
  const squares = new Float64Array(units);
  for (const [key, sum] of sums) {
    unitsOf.get(key)?.forEach((unit, i) => {
      if (unit >= 0) squares[unit] += sum[i] ** 2;
    });
  }
  return { loss, norms: squares.map(Math.sqrt) };
}

/** Gives added units the weights that they had, and lets them be trained. */
async function bringBack(
  program: TrainingProgram,
  unitsOf: ReadonlyMap<string, Int32Array>,
  added: ReadonlySet<number>,
  chosen: ReadonlySet<number>,
  trained: Parameters,
): Promise<void> {
  const current = await program.parameters();
  const values = new Map<string, Tensor>();
  const masks = new Map<string, Tensor>();
  for (const [key, units] of unitsOf) {
    const [now, before] = [current.get(key), trained.get(key)];
    if (!now || !before) continue;
    values.set(key, {
      shape: now.shape,
      data: now.data.map((value, i) => (added.has(units[i]) ? before.data[i] : value)),
    });
    masks.set(key, maskOf(units, chosen, now));
  }
  program.setMasks(masks);
  program.setParameters(values);
}
