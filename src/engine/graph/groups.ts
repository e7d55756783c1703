import type { Graph } from './graph';
import { dispatch, type Node, type OpTable, type Shape } from './node';
import { inferShapes } from './shape';
import { UnionFind } from './union-find';

/** Channels that only make sense together: removing one of them removes all, in every node. */
export interface Unit {
  /** For each node whose output has channels of this unit: their indices, ascending. */
  readonly channels: ReadonlyMap<string, readonly number[]>;
}

/**
 * Units that run through the same nodes. How many of them stay is one decision; which ones, too. As dependency groups
 * in DepGraph (Fang et al. 2023), but found channel by channel, so that slices, channel padding and concatenation
 * split groups exactly where they must.
 */
export interface ChannelGroup {
  /** Name of its first producer; `#2`, `#3`, ... are added where several groups begin in one layer. */
  readonly id: string;
  readonly units: readonly Unit[];
  /** Layers whose outputs it is: conv, depthwise and dense, in graph order. */
  readonly producers: readonly string[];
  /** Conv and dense layers that read it, in graph order. */
  readonly consumers: readonly string[];
  /** Whether an addition ties several producers together. */
  readonly residual: boolean;
}

/** All groups whose channels can be removed, in graph order. Channels of the model's input and output never can. */
export function channelGroups(graph: Graph): readonly ChannelGroup[] {
  const { channelsOf, sets, locked } = traceChannels(graph);
  const lockedRoots = new Set([...locked].map((id) => sets.find(id)));

  const units = new Map<number, Map<string, number[]>>();
  for (const [name, ids] of channelsOf) {
    ids.forEach((id, channel) => {
      const root = sets.find(id);
      if (lockedRoots.has(root)) return;
      const unit = getOrMake(units, root, () => new Map<string, number[]>());
      getOrMake(unit, name, () => []).push(channel);
    });
  }
  const bySignature = new Map<string, Unit[]>();
  for (const channels of units.values()) {
    getOrMake(bySignature, JSON.stringify([...channels.keys()]), () => []).push({ channels });
  }
  const taken = new Set<string>();
  const layers = new Set(graph.nodes.map((node) => node.name));
  return [...bySignature.values()].flatMap((members) => {
    const group = describe(graph, members);
    if (group.producers.length === 0) return [];
    const first = group.producers[0];
    let id = first;
    for (let nth = 2; taken.has(id) || (id !== first && layers.has(id)); nth++) id = `${first}#${nth}`;
    taken.add(id);
    return [{ id, ...group }];
  });
}

function describe(graph: Graph, units: readonly Unit[]): Omit<ChannelGroup, 'id'> {
  const within = new Set(units[0].channels.keys());
  const named = (test: (node: Node) => boolean) => graph.nodes.filter(test).map((node) => node.name);
  return {
    units,
    producers: named((node) => within.has(node.name) && isProducer(node)),
    consumers: named((node) => (node.kind === 'conv2d' || node.kind === 'dense') && within.has(node.inputs[0])),
    residual: graph.nodes.some((node) => within.has(node.name) && node.kind === 'add'),
  };
}

function isProducer({ kind }: Node): boolean {
  return kind === 'conv2d' || kind === 'depthwiseConv2d' || kind === 'dense';
}

/** An identity for each channel of each node's output; channels in one set of `sets` are coupled. */
interface Trace {
  readonly channelsOf: Map<string, Int32Array>;
  readonly sets: UnionFind;
  readonly locked: Set<number>;
}

function traceChannels(graph: Graph): Trace {
  const trace: Trace = { channelsOf: new Map(), sets: new UnionFind(), locked: new Set() };
  const shapes = inferShapes(graph);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => trace.channelsOf.get(name) ?? new Int32Array());
    const shape = shapes.get(node.name) ?? [];
    trace.channelsOf.set(node.name, dispatch(table, node, inputs, { trace, shape }));
  }
  lock(trace, trace.channelsOf.get(graph.output) ?? []);
  return trace;
}

interface Place {
  readonly trace: Trace;
  readonly shape: Shape;
}

const fresh = (_node: unknown, _inputs: unknown, { trace, shape }: Place): Int32Array =>
  trace.sets.add(shape[shape.length - 1]);
const pass = (_node: unknown, [input]: readonly Int32Array[]): Int32Array => input;
const tie = (_node: unknown, [a, b]: readonly Int32Array[], { trace }: Place): Int32Array => {
  a.forEach((id, channel) => trace.sets.union(id, b[channel]));
  return a;
};
const lockAll = (_node: unknown, [input]: readonly Int32Array[], { trace, shape }: Place): Int32Array => {
  const output = trace.sets.add(shape[shape.length - 1]);
  lock(trace, input);
  lock(trace, output);
  return output;
};

/**
 * Value i of a sample is in channel `i mod channels`, before and after. So where one number of channels divides the
 * other, channels go over into channels (a flattened image has each of them once a position); else they are torn up.
 */
const regroup = (node: unknown, [input]: readonly Int32Array[], place: Place): Int32Array => {
  const channels = place.shape[place.shape.length - 1];
  if (channels % input.length === 0) {
    return Int32Array.from({ length: channels }, (_, i) => input[i % input.length]);
  }
  if (input.length % channels !== 0) return lockAll(node, [input], place);
  input.forEach((id, i) => place.trace.sets.union(id, input[i % channels]));
  return input.slice(0, channels);
};

const table: OpTable<[inputs: readonly Int32Array[], place: Place], Int32Array> = {
  input: (_node, _inputs, { trace, shape }) => lock(trace, trace.sets.add(shape[shape.length - 1])),
  conv2d: (node, [input], { trace, shape }) => {
    const output = trace.sets.add(shape[shape.length - 1]);
    // All groups of a grouped convolution have one size, so the same offset goes from each.
    tieGroups(trace, input, node.groups);
    tieGroups(trace, output, node.groups);
    return output;
  },
  depthwiseConv2d: (node, [input]) => {
    const multiplier = node.params.weight.shape[3];
    return Int32Array.from({ length: input.length * multiplier }, (_, i) => input[Math.floor(i / multiplier)]);
  },
  dense: fresh,
  batchNorm: pass,
  relu: pass,
  relu6: pass,
  leakyRelu: pass,
  sigmoid: pass,
  tanh: pass,
  // Its outputs sum to 1 over the channels: with fewer of them it is another function.
  softmax: lockAll,
  add: tie,
  mul: tie,
  concat: (_node, inputs) => Int32Array.from(inputs.flatMap((input) => [...input])),
  maxPool: pass,
  avgPool: pass,
  globalAvgPool: pass,
  pad: (node, [input], { trace }) => {
    const [before, after] = node.pads[node.pads.length - 1];
    if (before === 0 && after === 0) return input;
    return Int32Array.from([...trace.sets.add(before), ...input, ...trace.sets.add(after)]);
  },
  slice: (node, [input], { trace }) => {
    const d = node.begin.length - 1;
    if (node.strides[d] !== 1) lock(trace, input);
    return input.slice(node.begin[d], node.end[d]).filter((_, i) => i % node.strides[d] === 0);
  },
  flatten: regroup,
  reshape: regroup,
  dropout: pass,
  fakeQuant: pass,
};

function lock(trace: Trace, ids: Iterable<number>): Int32Array {
  const all = Int32Array.from(ids);
  for (const id of all) trace.locked.add(id);
  return all;
}

function tieGroups(trace: Trace, ids: Int32Array, groups: number): void {
  if (groups === 1) return;
  const perGroup = ids.length / groups;
  ids.forEach((id, i) => trace.sets.union(id, ids[i % perGroup]));
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
