import { inputNode, parameters, type Graph } from '../../graph/graph';
import { dispatch, type Node, type ParamNode, type Tensor } from '../../graph/node';
import { inferShapes, size } from '../../graph/shape';
import type { Differentiated, LossInputs } from '../differentiator';
import type { Parameters } from '../executor';
import { ALGORITHM } from './codes';
import { binary } from './elementwise';
import type { Engine, NumberType } from './engine';
import { planFusions, type Fusions } from './fusions';
import { ops } from './ops';
import type { Pass, Plan, Value } from './plan';
import { PlanBuilder } from './plan-builder';
import type { Emitted } from './site';

type Statistics = Map<string, { readonly mean: Value; readonly variance: Value }>;

interface EmitOptions {
  readonly count: number;
  /** Nodes whose own outputs must be there. */
  readonly taps: ReadonlySet<string>;
  readonly training: boolean;
  readonly batchStatistics: boolean;
}

/** A graph's forward pass in steps of a plan. */
interface Forward {
  readonly input: Value;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly values: ReadonlyMap<string, Value>;
  /** Without nodes whose gradient another one takes over. */
  readonly emitted: ReadonlyMap<Node, Emitted>;
  readonly statistics: Statistics;
  readonly fusions: Fusions;
}

/** What a graph is compiled to for one size of batch, for running forward. */
export class InferencePlan {
  private readonly plan: Plan;
  private readonly forward: Forward;
  private readonly outputs: ReadonlyMap<string, Value>;
  private readonly preparation: number;
  private readonly end: number;
  private readonly activations: number;
  private stale = true;

  constructor(
    private readonly engine: Engine,
    graph: Graph,
    count: number,
    taps: ReadonlySet<string>,
    batchStatistics = false,
  ) {
    this.activations = activationsOf(graph, count);
    engine.settleThreads(this.activations);
    const builder = new PlanBuilder(engine, 'f32');
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

/** What a graph is compiled to for one size of batch, for running forward and back. */
export class TrainingPlan {
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
    private readonly engine: Engine,
    private readonly graph: Graph,
    type: NumberType,
    count: number,
    trainable: ReadonlySet<string>,
    taps: ReadonlySet<string>,
  ) {
    this.activations = activationsOf(graph, count);
    engine.settleThreads(this.activations);
    const builder = new PlanBuilder(engine, type);
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

function emit(graph: Graph, builder: PlanBuilder, { count, taps, training, batchStatistics }: EmitOptions): Forward {
  const shapes = inferShapes(graph);
  const needed = training || batchStatistics ? undefined : ancestors(graph, taps);
  const fusions = planFusions(graph, taps, training);
  const own = parameters(graph);
  const uploaded = new Map<string, Value>();
  const parameter = ({ name }: ParamNode, param: string): Value => {
    const key = `${name}/${param}`;
    let value = uploaded.get(key);
    if (!value) uploaded.set(key, (value = builder.pinned((own.get(key) as Tensor).shape)));
    return value;
  };
  const input = builder.pinned([count, ...inputNode(graph).shape]);
  const values = new Map<string, Value>();
  const emitted = new Map<Node, Emitted>();
  const statistics: Statistics = new Map();
  const onStatistics = (node: string, mean: Value, variance: Value) => statistics.set(node, { mean, variance });
  const converted = new Map<Value, Value>();
  const native = (value: Value): Value => {
    let copy = converted.get(value);
    if (!copy) converted.set(value, (copy = builder.native(value)));
    return copy;
  };
  for (const node of graph.nodes) {
    if (needed && !needed.has(node.name)) continue;
    const producer = fusions.producers.get(node.name);
    if (node.kind === 'input' || producer !== undefined) {
      values.set(node.name, producer === undefined ? input : (values.get(producer) as Value));
      continue;
    }
    const given = node.inputs.map((name) => values.get(name) as Value);
    const sum = fusions.sums.get(node.name);
    const exact = node.kind === 'softmax' || node.kind === 'fakeQuant';
    const result = dispatch(ops, node, exact ? given : given.map(native), {
      builder,
      shape: [count, ...(shapes.get(node.name) ?? [])],
      parameter,
      training,
      relu: fusions.relus.has(node.name),
      ...(sum !== undefined && { sum: values.get(sum) }),
      ...(batchStatistics && { onStatistics }),
    });
    values.set(node.name, result.value);
    emitted.set(node, result);
  }
  return { input, parameters: uploaded, values, emitted, statistics, fusions };
}

/** The nodes that some of `names` depend on, themselves included. */
function ancestors(graph: Graph, names: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(names);
  for (const node of [...graph.nodes].reverse()) {
    if (found.has(node.name)) for (const input of node.inputs) found.add(input);
  }
  return found;
}

/** Numbers in all outputs of a batch. */
function activationsOf(graph: Graph, count: number): number {
  return [...inferShapes(graph).values()].reduce((sum, shape) => sum + count * size(shape), 0);
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

/** A node's output in float32, which stays until it is read. */
function exported(builder: PlanBuilder, values: ReadonlyMap<string, Value>, name: string): Value {
  const value = builder.float(values.get(name) as Value);
  value.storage.pinned = true;
  return value;
}

function upload(plan: Plan, parameters: ReadonlyMap<string, Value>, values: Parameters): void {
  for (const [key, value] of parameters) plan.view(value).set((values.get(key) as Tensor).data);
}

function readStatistics(plan: Plan, statistics: Statistics): Differentiated['statistics'] {
  const read = (value: Value) => plan.view(value).slice();
  return new Map(
    [...statistics].map(([node, { mean, variance }]) => [node, { mean: read(mean), variance: read(variance) }]),
  );
}
