import { initialize } from '../../training/initialize';
import { train, type TrainOptions, type TrainResult } from '../../training/train';

export type FullPrecisionOptions = Omit<TrainOptions, 'hook' | 'initialMasks' | 'keepStartIfBetter'>;

/**
 * The `full-prec` learner: trains without compressing. For the baseline of a model that comes without weights, and to
 * go on with one that has them. `plan.mode` says which: `retrain` starts from new weights that the seed fixes,
 * `finetune` from those of the graph. Resumes from `checkpoints`; for errors and events see {@link train}.
 */
export function trainFullPrecision(options: FullPrecisionOptions): Promise<TrainResult> {
  const { graph, plan, seed } = options;
  return train({ ...options, graph: plan.mode === 'retrain' ? initialize(graph, seed) : graph });
}
