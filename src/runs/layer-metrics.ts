import type { LayerFact } from './events';
import { share } from './units';

/** One way to see what a compression has done to a layer. */
export interface LayerMetric {
  /** Of what there is a share left. */
  readonly title: string;
  /** Share of the layer that is left, [0, 1]; undefined where it does not apply. */
  readonly left: (fact: LayerFact) => number | undefined;
  /** In words. */
  readonly text: (fact: LayerFact) => string;
}

/** Weights are float32 before they are quantized. */
const FULL_BITS = 32;

export const layerMetrics = {
  kept: {
    title: 'channels',
    left: ({ channels: [before, after] }) => (before > 0 ? after / before : undefined),
    text: ({ channels: [before, after] }) => `${after} of ${before} channels`,
  },
  sparsity: {
    title: 'nonzero weights',
    left: ({ sparsity }) => 1 - sparsity,
    text: ({ sparsity }) => `${share(sparsity)} zeros`,
  },
  bits: {
    title: 'bits',
    left: ({ bits }) => bits && Math.min(1, bits.weights / FULL_BITS),
    text: ({ bits }) => (bits ? `${bits.weights} bits` : 'float32'),
  },
} as const satisfies Record<string, LayerMetric>;

export type LayerMetricId = keyof typeof layerMetrics;
export const layerMetricIds = Object.keys(layerMetrics) as LayerMetricId[];

/** What is left of several layers, each counted by its weights; undefined where the metric applies to none. */
export function meanLeft(facts: readonly LayerFact[], metric: LayerMetricId): number | undefined {
  let [sum, weights] = [0, 0];
  for (const fact of facts) {
    const left = layerMetrics[metric].left(fact);
    if (left === undefined) continue;
    const weight = Math.max(1, fact.params[0]);
    sum += weight * left;
    weights += weight;
  }
  return weights > 0 ? sum / weights : undefined;
}

/** The metric in which most has gone: what the compression was about. */
export function tellingMetric(facts: readonly LayerFact[]): LayerMetricId {
  const rated = layerMetricIds.map((id) => ({ id, left: meanLeft(facts, id) ?? 1 }));
  return rated.reduce((least, next) => (next.left < least.left ? next : least)).id;
}

/** What all stages together have done to each layer: each stage tells it of the model that it got. */
export function overallFacts(stages: ReadonlyMap<number, readonly LayerFact[]>): LayerFact[] {
  const merged = new Map<string, LayerFact>();
  for (const [, facts] of [...stages].sort(([a], [b]) => a - b)) {
    for (const fact of facts) {
      const first = merged.get(fact.name);
      merged.set(fact.name, first ? joined(first, fact) : fact);
    }
  }
  return [...merged.values()];
}

function joined(first: LayerFact, last: LayerFact): LayerFact {
  const bits = last.bits ?? first.bits;
  return {
    ...last,
    channels: [first.channels[0], last.channels[1]],
    flops: [first.flops[0], last.flops[1]],
    params: [first.params[0], last.params[1]],
    ...(bits && { bits }),
  };
}
