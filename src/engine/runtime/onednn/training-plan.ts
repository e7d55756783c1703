import type { Graph } from '../../graph/graph';
import type { Differentiated, LossInputs } from '../differentiator';
import type { Parameters } from '../executor';
import { ALGORITHM } from './codes';
import { binary } from './elementwise';
import { activationsOf, emit, exported, readStatistics, upload, type Forward } from './emit';
import type { Engine } from './engine';
import type { Pass, Plan, Value } from './plan';
import type { PlanBuilder } from './plan-builder';

/** What a graph is compiled to for one size of batch, for running forward and back. */
export class TrainingPlan {
  private readonly engine: Engine;
  private readonly plan: Plan;
  private readonly forward: Forward;
  private readonly logits: Value;
  private readonly tapped: ReadonlyMap<string, Value>;
  /** Gradients of the loss, which come from outside. */
  private readonly given: ReadonlyMap<string, Value>;
  private readonly gradients: ReadonlyMap<string, Value>;
  private readonly turn: number;
  private readonly end: number;
  private readonly activations: number;

  constructor(
    builder: PlanBuilder,
    private readonly graph: Graph,
    count: number,
    trainable: ReadonlySet<string>,
    taps: ReadonlySet<string>,
  ) {
    this.activations = activationsOf(graph, count);
    this.engine = builder.engine;
    this.engine.settleThreads(this.activations);
    const kept = new Set([graph.output, ...taps]);
    const forward = emit(graph, builder, { count, taps: kept, training: true, batchStatistics: true });
    this.forward = forward;
    const { values } = forward;
    this.logits = exported(builder, values, graph.output);
    this.tapped = new Map([...taps].map((tap) => [tap, exported(builder, values, tap)]));
    const turn = builder.length;

    const reached = differentiable(graph, trainable);
    const slopes = new Map<string, Value>();
    const accumulate = (node: string, slope: Value): void => {
      const others = slopes.get(node);
      const own = builder.native(slope);
      slopes.set(node, others ? binary(builder, ALGORITHM.add, others, own) : own);
    };
    const given = new Map<string, Value>();
    for (const name of kept) {
      if (!reached.has(name)) continue;
      const slope = builder.pinned((values.get(name) as Value).shape);
      given.set(name, slope);
      accumulate(name, slope);
    }
    const gradients = new Map<string, Value>();
    for (const node of [...graph.nodes].reverse()) {
      const dy = slopes.get(node.name);
      if (!dy) continue;
      slopes.delete(node.name);
      const producer = forward.fusions.producers.get(node.name);
      if (producer !== undefined) {
        accumulate(producer, dy);
        continue;
      }
      const emitted = forward.emitted.get(node);
      if (!emitted) continue;
      const params =
        'params' in node ? Object.keys(node.params).filter((name) => trainable.has(`${node.name}/${name}`)) : [];
      const wanted = { inputs: node.inputs.map((input) => reached.has(input)), params: new Set(params) };
      const result = emitted.backward(dy, wanted);
      for (const param of params) {
        const gradient = result.params?.[param];
        if (gradient) gradients.set(`${node.name}/${param}`, gradient);
      }
      node.inputs.forEach((input, i) => {
        const slope = result.inputs[i];
        if (wanted.inputs[i] && slope) accumulate(input, slope);
      });
    }
    this.given = given;
    this.gradients = gradients;
    const { plan, preparation } = builder.finish();
    this.plan = plan;
    this.turn = preparation + turn;
    this.end = preparation + builder.length;
  }

  /** Bytes of native memory. */
  get bytes(): number {
    return this.plan.bytes;
  }

  run(images: Float32Array, values: Parameters, pass: Pass, lossGradient: (inputs: LossInputs) => LossInputs): void {
    const { plan } = this;
    this.engine.settleThreads(this.activations);
    upload(plan, this.forward.parameters, values);
    plan.view(this.forward.input).set(images);
    plan.run(0, this.turn, pass);
    const nodes = new Map([...this.tapped].map(([tap, value]) => [tap, plan.view(value).slice()]));
    const loss = lossGradient({ logits: plan.view(this.logits).slice(), nodes });
    for (const [name, value] of this.given) {
      const view = plan.view(value).fill(0);
      const add = (slope: Float32Array | undefined) => slope?.forEach((number, i) => (view[i] += number));
      if (name === this.graph.output) add(loss.logits);
      add(loss.nodes.get(name));
    }
    plan.run(this.turn, this.end, pass);
  }

  results(): Pick<Differentiated, 'gradients' | 'statistics'> {
    const gradients = new Map([...this.gradients].map(([key, value]) => [key, this.plan.view(value).slice()]));
    return { gradients, statistics: readStatistics(this.plan, this.forward.statistics) };
  }

  dispose(): void {
    this.plan.dispose();
  }
}

/** Nodes through which a gradient reaches a trainable parameter. */
function differentiable(graph: Graph, trainable: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set<string>();
  for (const node of graph.nodes) {
    const own = 'params' in node && Object.keys(node.params).some((param) => trainable.has(`${node.name}/${param}`));
    if (own || node.inputs.some((input) => reached.has(input))) reached.add(node.name);
  }
  return reached;
}
