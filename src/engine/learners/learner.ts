import type { LearnerId } from '../../config/learners';
import type { LayerRule, StagePlan } from '../../config/plan';
import type { Dataset } from '../data/dataset';
import type { Graph } from '../graph/graph';
import type { Executor } from '../runtime/executor';
import type { Budget } from '../search/budget';
import type { Decision, Space } from '../search/space';
import type { TrainingHook } from '../training/hook';

export type StageOf<L extends LearnerId> = Extract<StagePlan, { learner: L }>;

export interface LearnerContext {
  readonly executor: Executor;
  readonly dataset: Dataset;
  readonly layers: readonly LayerRule[];
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** What a decision makes of a model, before any training. */
export interface Candidate {
  /** The compressed model; what it scores is what the decision is worth without training. */
  readonly graph: Graph;
  /** Relative squared error of a layer's output, where the learner measured it. */
  readonly errors?: ReadonlyMap<string, number>;
}

/** What a search needs to know of a stage: what there is to choose, what it costs, and what a choice comes to. */
export interface SearchTask {
  readonly space: Space;
  readonly budget: Budget;
  /** Decisions by rules of thumb, by name, which are tried first: what is found is never worse. Each keeps to the budget. */
  readonly seeds: ReadonlyMap<string, Decision>;
  /** What a decision makes of the original, with everything shared between trials computed once. Deterministic. */
  candidate(decision: Decision): Promise<Candidate>;
}

/** A compression algorithm. */
export interface Learner<L extends LearnerId> {
  /**
   * The model as it would be, with weights that stand for nothing: for its size and cost. Quick, and needs no data.
   * @throws LearnerError when the stage can't be done with this model.
   */
  plan(graph: Graph, stage: StageOf<L>, layers: readonly LayerRule[]): Graph;
  /**
   * Carries the stage's decision out. Deterministic given the seed.
   * @param decision What a search chose; absent: the stage's own rule.
   */
  apply(graph: Graph, stage: StageOf<L>, context: LearnerContext, decision?: Decision): Promise<Candidate>;
  /** Prepares a search; absent where there is nothing to search for. */
  search?(graph: Graph, stage: StageOf<L>, context: LearnerContext): Promise<SearchTask>;
  /**
   * Compresses in the course of training instead, which then begins with `start`, the model that the stage got;
   * undefined where the stage's options ask for the candidate to be trained.
   */
  hook?(start: Graph, stage: StageOf<L>, layers: readonly LayerRule[], decision?: Decision): TrainingHook | undefined;
}
