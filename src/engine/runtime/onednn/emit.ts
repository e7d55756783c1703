import { GraphError, inputNode, parameters, type Graph } from '../../graph/graph';
import { dispatch, type Node, type ParamNode, type Tensor } from '../../graph/node';
import { inferShapes, size } from '../../graph/shape';
import type { Differentiated } from '../differentiator';
import type { Parameters } from '../executor';
import { planFusions, type Fusions } from './fusions';
import { ops } from './ops';
import type { Plan, Value } from './plan';
import type { PlanBuilder } from './plan-builder';
import type { Emitted } from './site';

export type Statistics = Map<string, { readonly mean: Value; readonly variance: Value }>;

interface EmitOptions {
  readonly count: number;
  /** Nodes whose own outputs must be there. */
  readonly taps: ReadonlySet<string>;
  readonly training: boolean;
  readonly batchStatistics: boolean;
}

/** A graph's forward pass in steps of a plan. */
export interface Forward {
  readonly input: Value;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly values: ReadonlyMap<string, Value>;
  /** Without nodes whose gradient another one takes over. */
  readonly emitted: ReadonlyMap<Node, Emitted>;
  readonly statistics: Statistics;
  readonly fusions: Fusions;
}

/** Adds a graph's forward pass to a plan. */
export function emit(
  graph: Graph,
  builder: PlanBuilder,
  { count, taps, training, batchStatistics }: EmitOptions,
): Forward {
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
export function activationsOf(graph: Graph, count: number): number {
  return [...inferShapes(graph).values()].reduce((sum, shape) => sum + count * size(shape), 0);
}

/** A node's output in float32, which stays until it is read. */
export function exported(builder: PlanBuilder, values: ReadonlyMap<string, Value>, name: string): Value {
  const own = values.get(name);
  if (!own) throw new GraphError(`there is no node "${name}"`);
  const value = builder.float(own);
  value.storage.pinned = true;
  return value;
}

export function upload(plan: Plan, parameters: ReadonlyMap<string, Value>, values: Parameters): void {
  for (const [key, value] of parameters) plan.view(value).set((values.get(key) as Tensor).data);
}

export function readStatistics(plan: Plan, statistics: Statistics): Differentiated['statistics'] {
  const read = (value: Value) => plan.view(value).slice();
  return new Map(
    [...statistics].map(([node, { mean, variance }]) => [node, { mean: read(mean), variance: read(variance) }]),
  );
}
