import type { LearnerId } from './learners';
import type { ConfigPath } from './problem';
import type { ParsedConfig, StageInput } from './schema';

export interface PlacedStage {
  readonly stage: StageInput;
  readonly path: ConfigPath;
}

/** The stages of a config: the list, or the one that is written without it. */
export function stagesOf(config: ParsedConfig): readonly PlacedStage[] {
  if (config.stages) return config.stages.map((stage, index) => ({ stage, path: ['stages', index] }));
  const { learner, target, ratios, search, options, training } = config;
  return [{ stage: { learner, target, ratios, search, options, training }, path: [] }];
}

/** Whether a stage searches for its ratios. */
export function searches({ ratios, search }: StageInput): boolean {
  return ratios === 'auto' || (ratios === undefined && search !== undefined);
}

/** The learner that a stage names, or that its target calls for. */
export function learnerOf(stage: StageInput): LearnerId {
  if (stage.learner) return stage.learner;
  if (stage.target?.sparsity !== undefined) return 'weight-sparse';
  return stage.target?.bits === undefined ? 'channel' : 'uniform';
}
