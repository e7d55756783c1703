import { ruleFor } from '../../config/layer-patterns';
import { learners, type LearnerConfig } from '../../config/learners';
import { parseConfig } from '../../config/parse';
import { learnerOf, stagesOf } from '../../config/stages';
import { overrideKey, type LayersView, type OverrideKey } from '../../protocol/webview-layers';
import type { LayerFact } from '../../runs/events';
import type { RunStatus } from '../../runs/read';

/** What the config asks of layers. */
export interface Wishes {
  readonly rules: Parameters<typeof ruleFor>[0];
  readonly writable: readonly OverrideKey[];
}

export const noWishes: Wishes = { rules: [], writable: [] };

/** What a config's text asks of layers; undefined while it is broken. */
export function wishesOf(text: string): Wishes | undefined {
  const { config } = parseConfig(text);
  if (!config) return undefined;
  const keys = stagesOf(config).map(({ stage }): LearnerConfig['layerKey'] => {
    const learner: LearnerConfig = learners[learnerOf(stage)];
    return learner.layerKey;
  });
  const writable = overrideKey.options.filter((key) => keys.includes(key));
  return { rules: Object.entries(config.layers).map(([pattern, entry]) => ({ pattern, ...entry })), writable };
}

/** What the layer panel shows. */
export function layersView(
  title: string,
  status: RunStatus,
  facts: readonly LayerFact[],
  { rules, writable }: Wishes,
): LayersView {
  const layers = facts.map((fact) => {
    const { keep, sparsity, skip } = ruleFor(rules, fact.name);
    const wish = { keep, sparsity, skip };
    return Object.values(wish).some((value) => value !== undefined) ? { fact, override: wish } : { fact };
  });
  return { title, status, layers, writable: [...writable] };
}
