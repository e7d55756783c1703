import type { StagePlan } from '../config/plan';
import type { SearchPlan } from '../config/search';
import { readRun } from '../runs/read';
import type { SearchState } from '../runs/search-state';
import type { TrialCost, TrialResult } from '../runs/trial';
import { graphCost } from './graph/cost';
import type { Graph } from './graph/graph';
import { learnerOf } from './learners/learner-of';
import type { LearnerContext, SearchTask } from './learners/learner';
import { LearnerError } from './learners/learner-error';
import { sparsityOf } from './learners/weight-sparse/mask';
import { hasWeight } from './graph/node';
import { fitToBudget } from './search/budget';
import { makeSampler } from './search/make-sampler';
import { paretoFront } from './search/pareto-front';
import type { Decision } from './search/space';
import type { Session } from './session';
import { evaluate, type Evaluation } from './training/evaluate';

/**
 * Searches for the ratios of a stage: asks a sampler, tries what it proposes on the original weights, tells it how that went.
 * Every trial is in the journal before the next is asked for, and what a sampler proposes hangs on nothing but what it was
 * told and the trial's number: so a search that was cut off goes on as if it had not been, but for the trial in the middle.
 * @returns the best decision; undefined when the stage searches for nothing.
 * @throws LearnerError when no trial could be carried out; the signal's reason when stopped.
 */
export async function searchStage(
  session: Session,
  graph: Graph,
  stage: StagePlan,
  index: number,
): Promise<Decision | undefined> {
  const learner = learnerOf(stage);
  if (!stage.search || !learner.search) return undefined;
  const { run, plan, executor, dataset, signal } = session;
  const earlier = (await readRun(run.directory)).searches.get(index);
  if (earlier?.finished) return decisionOf(earlier, earlier.finished.best);
  const context: LearnerContext = { executor, dataset, layers: plan.layers, seed: plan.compute.seed, signal };
  run.emit({ type: 'phase.started', phase: phaseOf(stage) });
  const task = await learner.search(graph, stage, context);
  return new StageSearch(session, stage, stage.search, index, task).run(earlier);
}

function phaseOf({ learner }: StagePlan): string {
  return `${learner}: search for ratios`;
}

function decisionOf(search: SearchState, number: number): Decision | undefined {
  return search.trials.find(({ trial }) => trial === number)?.decision;
}

interface Tried {
  readonly trial: number;
  readonly decision: Decision;
  readonly result: TrialResult;
}

class StageSearch {
  private readonly tried: Tried[] = [];
  private readonly started = performance.now();

  constructor(
    private readonly session: Session,
    private readonly stage: StagePlan,
    private readonly plan: SearchPlan,
    private readonly index: number,
    private readonly task: SearchTask,
  ) {}

  async run(earlier: SearchState | undefined): Promise<Decision> {
    const { run, plan, signal } = this.session;
    const { space, budget } = this.task;
    const { sampler: name, trials } = this.plan;
    const objective = 'accuracy on validation before training';
    run.emit({ type: 'search.started', stage: this.index, sampler: name, objective, trials, space: space.describe() });
    const sampler = makeSampler(name, space, plan.compute.seed, budget);
    const seeds = [...this.task.seeds];
    for (let trial = 0; trial < trials; trial++) {
      signal.throwIfAborted();
      const known = earlier?.trials.find((old) => old.trial === trial && old.result);
      let tried: Tried;
      if (known?.result) {
        tried = { trial, decision: known.decision, result: known.result };
      } else {
        const [origin, decision] = seeds[trial] ?? [name, fitToBudget(space, budget, sampler.ask(trial))];
        tried = { trial, decision, result: await this.try(trial, origin, decision) };
      }
      this.tried.push(tried);
      const { reward } = tried.result;
      sampler.tell({ decision: tried.decision, ...(reward !== undefined && { reward }) });
      this.tellProgress();
    }
    return this.conclude(earlier);
  }

  private async try(trial: number, origin: string, decision: Decision): Promise<TrialResult> {
    const { run, signal } = this.session;
    const head = { stage: this.index, trial };
    run.emit({ type: 'trial.started', ...head, decision: [...decision], origin });
    const begun = performance.now();
    const seconds = (): number => (performance.now() - begun) / 1000;
    let result: TrialResult;
    try {
      const { graph } = await this.task.candidate(decision);
      const { accuracy, standardError, samples } = await this.score(graph, this.limit());
      const cost = costOf(graph);
      result = {
        ...head,
        state: 'complete',
        reward: accuracy,
        accuracy,
        standardError,
        samples,
        cost,
        seconds: seconds(),
      };
    } catch (error) {
      if (signal.aborted) throw error;
      const message = error instanceof Error ? error.message : String(error);
      result = { ...head, state: 'failed', seconds: seconds(), message };
    }
    run.emit({ type: 'trial.finished', ...result });
    return result;
  }

  /** The first images of the split are the same in each trial; a folder's are in the order of its classes, so all count. */
  private limit(): number | undefined {
    return this.session.plan.dataset.kind === 'folder' ? undefined : this.plan.samples;
  }

  private async score(graph: Graph, limit?: number): Promise<Evaluation> {
    const { executor, dataset, signal } = this.session;
    const program = await executor.compile(graph);
    try {
      const options = { signal, ...(limit !== undefined && { limit }) };
      const evaluation = await evaluate(program, dataset, 'validation', options);
      if (!Number.isFinite(evaluation.loss)) throw new LearnerError("the candidate's outputs are not numbers");
      return evaluation;
    } finally {
      program.dispose();
    }
  }

  /** Best first; of equals the one that was tried first. */
  private ranking(): readonly Tried[] {
    const accuracy = ({ result }: Tried): number => result.accuracy ?? -Infinity;
    return this.tried
      .filter(({ result }) => result.state === 'complete')
      .sort((a, b) => accuracy(b) - accuracy(a) || a.trial - b.trial);
  }

  private tellProgress(): void {
    const [step, total] = [this.tried.length, this.plan.trials];
    const seconds = this.tried.reduce((sum, { result }) => sum + result.seconds, 0);
    const accuracy = this.ranking()[0]?.result.accuracy;
    const eta = (seconds / step) * (total - step);
    const phase = phaseOf(this.stage);
    this.session.run.emit({ type: 'progress', phase, step, total, eta, ...(accuracy !== undefined && { accuracy }) });
  }

  /** The best trials again, on the whole split: luck with the subset must not decide. */
  private async conclude(earlier: SearchState | undefined): Promise<Decision> {
    const ranking = this.ranking();
    if (ranking.length === 0) {
      const message = this.tried[0]?.result.message ?? 'unknown';
      throw new LearnerError(
        `none of the ${this.tried.length} trials could be carried out; the first failed with: ${message}`,
      );
    }
    let best = ranking[0];
    let highest = -Infinity;
    for (const tried of ranking.slice(0, this.plan.confirm)) {
      const accuracy = await this.confirm(tried, earlier);
      if (accuracy > highest) [best, highest] = [tried, accuracy];
    }
    const front = paretoFront(
      ranking.map(({ trial, result }) => ({ trial, accuracy: result.accuracy ?? 0, cost: costs(result.cost) })),
    );
    const seconds = (performance.now() - this.started) / 1000;
    this.session.run.emit({ type: 'search.finished', stage: this.index, best: best.trial, front, seconds });
    return best.decision;
  }

  private async confirm({ trial, decision, result }: Tried, earlier: SearchState | undefined): Promise<number> {
    const known = earlier?.trials.find((old) => old.trial === trial)?.confirmed;
    if (known) return known.accuracy;
    const { dataset, run } = this.session;
    const whole = result.samples === dataset.counts.validation;
    const { accuracy, standardError, samples } =
      whole && result.accuracy !== undefined
        ? { accuracy: result.accuracy, standardError: result.standardError ?? 0, samples: result.samples ?? 0 }
        : await this.score((await this.task.candidate(decision)).graph);
    run.emit({ type: 'trial.confirmed', stage: this.index, trial, accuracy, standardError, samples });
    return accuracy;
  }
}

function costOf(graph: Graph): TrialCost {
  const { flops, params, bytes } = graphCost(graph).total;
  const weights = graph.nodes.filter(hasWeight).map((node) => node.params.weight);
  const total = weights.reduce((sum, { data }) => sum + data.length, 0);
  const zeros = weights.reduce((sum, weight) => sum + sparsityOf(weight) * weight.data.length, 0);
  return { flops, params, bytes, sparsity: zeros / total };
}

/** What the front weighs accuracy against: computation, less what zeros would save of it. */
function costs({ flops = 0, sparsity = 0 }: TrialCost = {}): number {
  return flops * (1 - sparsity);
}
