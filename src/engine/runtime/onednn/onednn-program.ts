import type { Batch } from '../../data/batch';
import { foldBatchNorms } from '../../graph/edits/fold-batch-norms';
import { findNode, parameters, withParameters, type Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/node';
import { checkInput } from '../check-input';
import type { Parameters, Program } from '../executor';
import type { Engine } from './engine';
import { InferencePlan } from './inference-plan';
import { PlanBuilder } from './plan-builder';
import { PlanCache } from './plan-cache';

/** Batches of an evaluation, a smaller last one, and what is looked at beside them. */
const PLANS = 4;

/** A graph in inference mode, planned once for each size of batch. */
export class OneDnnProgram implements Program {
  private readonly plans = new PlanCache<InferencePlan>(PLANS);
  private values: Parameters;
  private folded: { readonly graph: Graph; readonly values: Parameters } | undefined;
  private disposed = false;

  constructor(
    private readonly engine: Engine,
    private readonly graph: Graph,
  ) {
    this.values = parameters(graph);
  }

  async forward(batch: Batch): Promise<Float32Array> {
    this.check(batch);
    const { graph, values } = this.withoutBatchNorms();
    const make = () => this.plan(graph, batch.count, [graph.output], false);
    const plan = this.plans.get(`output of ${batch.count}`, make);
    plan.run(batch.images, values);
    return plan.output(graph.output);
  }

  async activations(batch: Batch, nodes: readonly string[]): Promise<ReadonlyMap<string, Float32Array>> {
    for (const node of nodes) findNode(this.graph, node);
    const plan = this.run(batch, nodes, false);
    return new Map(nodes.map((node) => [node, plan.output(node)]));
  }

  async batchStatistics(batch: Batch): Promise<ReadonlyMap<string, { mean: Float32Array; variance: Float32Array }>> {
    return this.run(batch, [], true).statistics();
  }

  setParameters(values: Parameters): void {
    const copies = [...values].map(([key, { shape, data }]): [string, Tensor] => [key, { shape, data: data.slice() }]);
    this.values = parameters(withParameters(this.graph, new Map([...this.values, ...copies])));
    this.folded = undefined;
    this.plans.forEach((plan) => plan.parametersChanged());
  }

  dispose(): void {
    this.disposed = true;
    this.plans.dispose();
  }

  private run(batch: Batch, nodes: readonly string[], batchStatistics: boolean): InferencePlan {
    this.check(batch);
    const key = JSON.stringify([batch.count, batchStatistics, nodes]);
    const make = () => this.plan(this.graph, batch.count, nodes, batchStatistics);
    const plan = this.plans.get(key, make);
    plan.run(batch.images, this.values);
    return plan;
  }

  private plan(graph: Graph, count: number, taps: readonly string[], batchStatistics: boolean): InferencePlan {
    const build = (builder: PlanBuilder) => new InferencePlan(builder, graph, count, new Set(taps), batchStatistics);
    return PlanBuilder.build(this.engine, 'f32', build);
  }

  private check(batch: Batch): void {
    if (this.disposed) throw new Error('this program was disposed of');
    checkInput(this.graph, batch);
  }

  /** The graph without the batch norms that layers can take in; made anew when parameters change. */
  private withoutBatchNorms(): { readonly graph: Graph; readonly values: Parameters } {
    if (!this.folded) {
      const graph = foldBatchNorms(withParameters(this.graph, this.values));
      this.folded = { graph, values: parameters(graph) };
    }
    return this.folded;
  }
}
