import type { Graph } from '../../graph/graph';
import type { Differentiated } from '../differentiator';
import type { Parameters } from '../executor';
import { activationsOf, emit, exported, readStatistics, upload, type Forward } from './emit';
import type { Engine } from './engine';
import type { Plan, Value } from './plan';
import type { PlanBuilder } from './plan-builder';

/** What a graph is compiled to for one size of batch, for running forward. */
export class InferencePlan {
  private readonly engine: Engine;
  private readonly plan: Plan;
  private readonly forward: Forward;
  private readonly outputs: ReadonlyMap<string, Value>;
  private readonly preparation: number;
  private readonly end: number;
  private readonly activations: number;
  private stale = true;

  constructor(builder: PlanBuilder, graph: Graph, count: number, taps: ReadonlySet<string>, batchStatistics = false) {
    this.activations = activationsOf(graph, count);
    this.engine = builder.engine;
    this.engine.settleThreads(this.activations);
    this.forward = emit(graph, builder, { count, taps, training: false, batchStatistics });
    this.outputs = new Map([...taps].map((tap) => [tap, exported(builder, this.forward.values, tap)]));
    const { plan, preparation } = builder.finish();
    this.plan = plan;
    this.preparation = preparation;
    this.end = preparation + builder.length;
  }

  /** Bytes of native memory. */
  get bytes(): number {
    return this.plan.bytes;
  }

  parametersChanged(): void {
    this.stale = true;
  }

  run(images: Float32Array, values: Parameters): void {
    this.engine.settleThreads(this.activations);
    if (this.stale) upload(this.plan, this.forward.parameters, values);
    this.plan.view(this.forward.input).set(images);
    this.plan.run(this.stale ? 0 : this.preparation, this.end, {});
    this.stale = false;
  }

  output(tap: string): Float32Array {
    return this.plan.view(this.outputs.get(tap) as Value).slice();
  }

  statistics(): Differentiated['statistics'] {
    return readStatistics(this.plan, this.forward.statistics);
  }

  dispose(): void {
    this.plan.dispose();
  }
}
