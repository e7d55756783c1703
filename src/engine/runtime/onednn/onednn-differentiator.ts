import type { Batch } from '../../data/batch';
import type { Graph } from '../../graph/graph';
import { checkInput } from '../check-input';
import type { Differentiated, Differentiator, ForwardState, LossInputs } from '../differentiator';
import type { Engine, NumberType } from './engine';
import { PlanBuilder } from './plan-builder';
import { PlanCache } from './plan-cache';
import { TrainingPlan } from './training-plan';

/** Full batches, and a smaller one at an epoch's end. */
const PLANS = 2;

/** Training passes by plans, one for each size of batch. */
export class OneDnnDifferentiator implements Differentiator {
  private readonly plans = new PlanCache<TrainingPlan>(PLANS);

  constructor(
    private readonly engine: Engine,
    private readonly graph: Graph,
    private readonly type: NumberType,
    private readonly trainable: ReadonlySet<string>,
    private readonly taps: ReadonlySet<string>,
  ) {}

  async differentiate(
    batch: Batch,
    { parameters, dropout }: ForwardState,
    lossGradient: (inputs: LossInputs) => LossInputs,
  ): Promise<Differentiated> {
    checkInput(this.graph, batch);
    const build = (builder: PlanBuilder) =>
      new TrainingPlan(builder, this.graph, batch.count, this.trainable, this.taps);
    const plan = this.plans.get(String(batch.count), () => PlanBuilder.build(this.engine, this.type, build));
    const ranges = new Map<string, { min: number; max: number }>();
    const onRange = (node: string, min: number, max: number) => ranges.set(node, { min, max });
    plan.run(batch.images, parameters, { dropout, onRange }, lossGradient);
    return { ...plan.results(), ranges };
  }

  dispose(): void {
    this.plans.dispose();
  }
}
