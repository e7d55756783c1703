import type { ChannelOptions } from '../../../config/learners/channel';
import type { LayerRule, TargetPlan } from '../../../config/plan';
import type { Batch } from '../../data/batch';
import type { Dataset } from '../../data/dataset';
import { graphCost, type Cost } from '../../graph/cost';
import { keptChannels, type KeptUnits } from '../../graph/edits/kept-channels';
import { removeChannels } from '../../graph/edits/remove-channels';
import { findNode, type Graph } from '../../graph/graph';
import { channelGroups, type ChannelGroup } from '../../graph/groups';
import type { Executor } from '../../runtime/executor';
import { recalibrateBatchNorm } from '../../training/recalibrate';
import { LearnerError } from '../learner-error';
import { isMixing, type MixingNode } from './patches';
import { countsForTarget, uniformCounts, type CountRules, type KeepCounts } from './ratios';
import { reconstruct, type Reconstruction } from './reconstruct';
import { calibrationImages, sampleLayers, type LayerSamples } from './sampling';
import { selectUnits } from './select';

/** How many units of each group stay. */
export interface ChannelDecision {
  readonly groups: readonly ChannelGroup[];
  readonly counts: KeepCounts;
}

/**
 * One ratio for all groups, as large as the target allows.
 * @throws LearnerError when nothing can be pruned or the target can't be reached.
 */
export function decideUniform(
  graph: Graph,
  target: TargetPlan | undefined,
  options: ChannelOptions,
  layers: readonly LayerRule[],
): ChannelDecision {
  const groups = channelGroups(graph);
  if (groups.length === 0) {
    throw new LearnerError(
      `the model ${graph.name} has no channels that could be pruned`,
      'try learner: weight-sparse',
    );
  }
  const rules: CountRules = { multipleOf: options.multipleOf, residual: options.residual, layers };
  if (!target) return { groups, counts: uniformCounts(groups, 1, rules) };
  const whole = measure(graph, target);
  const share = (counts: KeepCounts) => measure(removeChannels(graph, groups, firstUnits(counts)), target) / whole;
  return { groups, counts: countsForTarget(groups, target, rules, share) };
}

/** Any units, as many as counted: enough to see what a model of these widths costs. */
export function firstUnits(counts: KeepCounts): KeptUnits {
  return new Map([...counts].map(([id, count]) => [id, Array.from({ length: count }, (_, i) => i)]));
}

/** What the target counts of a model. */
export function measure(graph: Graph, { metric }: TargetPlan): number {
  const keys: Partial<Record<TargetPlan['metric'], keyof Cost>> = { flops: 'flops', params: 'params', bytes: 'bytes' };
  const key = keys[metric];
  if (!key)
    throw new LearnerError(`channel pruning can't aim at ${metric}`, 'use target.flops, target.params or target.bytes');
  return graphCost(graph).total[key];
}

export interface ChannelContext {
  readonly executor: Executor;
  readonly dataset: Dataset;
  readonly seed: number;
  readonly signal: AbortSignal;
}

export interface ChannelCandidate {
  readonly graph: Graph;
  /** Relative squared error of each reconstructed layer's output, by layer name. */
  readonly errors: ReadonlyMap<string, number>;
}

/** What was seen of the original model; it serves every decision about the groups that it was sampled for. */
export interface ChannelFeatures {
  readonly images: readonly Batch[];
  /** Layers that read what may be removed. */
  readonly layers: readonly MixingNode[];
  readonly samples: ReadonlyMap<string, LayerSamples>;
}

/** Samples what the original model's layers behind groups that shrink read and give. */
export async function sampleFeatures(
  graph: Graph,
  shrinking: readonly ChannelGroup[],
  options: ChannelOptions,
  { dataset, executor, seed, signal }: ChannelContext,
): Promise<ChannelFeatures> {
  const images = await calibrationImages(dataset, graph, options.samples);
  const readers = new Set(shrinking.flatMap((group) => group.consumers));
  const layers = [...readers].map((name) => findNode(graph, name)).filter(isMixing);

  const original = await executor.compile(graph);
  let samples: ReadonlyMap<string, LayerSamples>;
  try {
    const withPatches = options.selection !== 'magnitude' ? readers : new Set<string>();
    samples = await sampleLayers(original, graph, layers, withPatches, images, options.positions, seed, signal);
  } finally {
    original.dispose();
  }
  return { images, layers, samples };
}

/**
 * Carries a decision out (He et al. 2017): selects the units that stay, removes the others from the model, fits the
 * layers that read them, and recalibrates batch norm. Without training; the same seed gives the same candidate.
 * @param features Of at least the groups that shrink; sampled where they are not given.
 */
export async function pruneChannels(
  graph: Graph,
  { groups, counts }: ChannelDecision,
  options: ChannelOptions,
  context: ChannelContext,
  features?: ChannelFeatures,
): Promise<ChannelCandidate> {
  const shrinking = groups.filter((group) => (counts.get(group.id) ?? group.units.length) < group.units.length);
  if (shrinking.length === 0) return { graph, errors: new Map() };
  const seen = features ?? (await sampleFeatures(graph, shrinking, options, context));
  const kept: KeptUnits = new Map(
    shrinking.map((group) => {
      const count = counts.get(group.id) ?? group.units.length;
      return [group.id, selectUnits[options.selection](graph, group, count, seen.samples)];
    }),
  );
  return removeUnits(graph, kept, options, context, seen);
}

/**
 * Removes all but the kept units, fits the layers that read them to what the original's gave, and recalibrates batch norm.
 * @param seen Of at least the groups that shrink.
 */
export async function removeUnits(
  graph: Graph,
  kept: KeptUnits,
  { reconstruct: fit, recalibrate }: Pick<ChannelOptions, 'reconstruct' | 'recalibrate'>,
  { executor, dataset, seed, signal }: ChannelContext,
  seen: ChannelFeatures,
): Promise<ChannelCandidate> {
  const groups = channelGroups(graph);
  const readers = new Set(groups.filter(({ id }) => kept.has(id)).flatMap(({ consumers }) => consumers));
  let result: Reconstruction = { graph: removeChannels(graph, groups, kept), errors: new Map() };
  if (fit) {
    // A weight with zeros was sparsified before; a fit would fill them in again.
    const fitted = seen.layers.filter(
      (layer) => readers.has(layer.name) && !layer.params.weight.data.includes(0) && !isGrouped(layer),
    );
    const order = graph.nodes.map((node) => node.name).filter((name) => fitted.some((layer) => layer.name === name));
    const outputsOf = keptChannels(graph, groups, kept);
    result = await reconstruct(executor, result.graph, order, seen.samples, outputsOf, seen.images, signal);
  }
  const sampling = { samples: recalibrate, batchSize: 128, seed, signal };
  return { graph: await recalibrateBatchNorm(executor, result.graph, dataset, sampling), errors: result.errors };
}

function isGrouped(layer: MixingNode): boolean {
  return layer.kind === 'conv2d' && layer.groups > 1;
}
