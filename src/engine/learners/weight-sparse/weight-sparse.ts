import type { WeightSparseOptions } from '../../../config/learners/weight-sparse';
import { parameters, withParameters, type Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/node';
import type { Parameters, TrainingProgram } from '../../runtime/executor';
import type { StepContext, TrainingHook } from '../../training/hook';
import type { SparsityDecision } from './decision';
import { applyMask, magnitudeMask, sparsityOf } from './mask';
import { parsePattern, type Pattern } from './pattern';
import { isUpdateStep, scheduledSparsity } from './schedule';

/** The candidate without training: every layer pruned at once to its final sparsity. */
export function pruneAtOnce(graph: Graph, decision: SparsityDecision, pattern?: Pattern): Graph {
  const weights = parameters(graph);
  const pruned = new Map<string, Tensor>();
  for (const [layer, sparsity] of decision) {
    const key = weightKey(layer);
    const weight = weights.get(key);
    if (weight) pruned.set(key, applyMask(weight, magnitudeMask(weight, sparsity, pattern)));
  }
  return withParameters(graph, pruned);
}

/**
 * Prunes while the model trains (Zhu & Gupta 2017): masks grow along the schedule, always taking the weights that are
 * smallest at that moment. Optimizer slots are left alone, so momentum goes on across updates. Masks are part of every
 * checkpoint.
 */
export class GradualPruning implements TrainingHook {
  private masks: Parameters = new Map();
  private readonly initial: ReadonlyMap<string, number>;
  private readonly pattern: Pattern | undefined;

  constructor(
    graph: Graph,
    private readonly decision: SparsityDecision,
    private readonly options: WeightSparseOptions,
  ) {
    const weights = parameters(graph);
    this.pattern = parsePattern(options.pattern);
    this.initial = new Map(
      [...decision.keys()].map((layer) => {
        const weight = weights.get(weightKey(layer));
        return [layer, weight ? sparsityOf(weight) : 0];
      }),
    );
  }

  async onStep({ step, totalSteps, program }: StepContext): Promise<void> {
    if (!isUpdateStep(step, this.options, totalSteps)) return;
    const current = await program.parameters();
    const masks = new Map<string, Tensor>();
    for (const [layer, final] of this.decision) {
      const weight = current.get(weightKey(layer));
      if (!weight) continue;
      const initial = this.initial.get(layer) ?? 0;
      // A layer that came in sparser than asked keeps its zeros.
      const sparsity = scheduledSparsity(step, initial, Math.max(final, initial), this.options, totalSteps);
      masks.set(weightKey(layer), magnitudeMask(weight, sparsity, this.pattern));
    }
    this.masks = masks;
    program.setMasks(masks);
  }

  state(): Parameters {
    return this.masks;
  }

  restore(state: Parameters, program: TrainingProgram): void {
    this.masks = state;
    program.setMasks(state);
  }
}

function weightKey(layer: string): string {
  return `${layer}/weight`;
}
