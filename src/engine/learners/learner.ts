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

/**
 * What a stage leaves to a search: the choices, their price, and the quick way from a decision to a candidate. Made once
 * for all trials, so what they share (sampled features, sorted weights) is computed once.
 */
export interface SearchTask<L extends LearnerId> {
  readonly space: Space;
  /** Absent when every decision of the space is allowed. */
  readonly budget?: Budget;
  /**
   * For each dimension what an agent that decides layer by layer is told of it, all of one length and scaled to about
   * [0, 1]: size, FLOPs, kernel and so on, as in AMC (He et al. 2018, section 3.1).
   */
  readonly traits: readonly (readonly number[])[];
  /** Known solutions, within the budget: the search begins with them, so that it is never worse. */
  readonly seeds: readonly { readonly origin: string; readonly decision: Decision }[];
  /** The candidate of a decision, always from the model that the stage got. Quick, and the same each time. */
  candidate(decision: Decision, signal: AbortSignal): Promise<Candidate>;
  /** What a person would have written for it: the stage and the rules for layers with which `apply` carries it out. */
  settle(decision: Decision): { readonly stage: StageOf<L>; readonly layers: readonly LayerRule[] };
  close?(): void;
}

/** A compression algorithm. */
export interface Learner<L extends LearnerId> {
  /**
   * The model as it would be, with weights that stand for nothing: for its size and cost. Quick, and needs no data.
   * @throws LearnerError when the stage can't be done with this model.
   */
  plan(graph: Graph, stage: StageOf<L>, layers: readonly LayerRule[]): Graph;
  /** Carries the stage's decision out. Deterministic given the seed. */
  apply(graph: Graph, stage: StageOf<L>, context: LearnerContext): Promise<Candidate>;
  /** Compresses in the course of training instead, which then begins with `start`, the model that the stage got. */
  hook?(start: Graph, stage: StageOf<L>, layers: readonly LayerRule[]): TrainingHook;
  /** What a search can choose for this stage; absent for a learner that has nothing to choose. */
  search?(graph: Graph, stage: StageOf<L>, context: LearnerContext): Promise<SearchTask<L>>;
}
