import { consumers, type Graph } from '../../graph/graph';
import type { BatchNormNode } from '../../graph/node';

/** The batch norms that alone read the layer; none where something else does, too. */
export function normsBehind(graph: Graph, layer: string): readonly BatchNormNode[] {
  const readers = consumers(graph).get(layer) ?? [];
  const norms = readers.filter((node) => node.kind === 'batchNorm');
  return norms.length === readers.length ? norms : [];
}

/** The other side of an addition that a layer's output ends in, straight or through its batch norm. */
export interface Shortcut {
  readonly node: string;
  /** What the batch norm multiplies each channel of the layer by; absent without one. */
  readonly scale?: Float32Array;
}

/** The shortcut beside a layer, if it is finished when the layer's turn comes. */
export function shortcutBeside(graph: Graph, layer: string): Shortcut | undefined {
  const readers = consumers(graph);
  const norm = onlyReader(readers, layer);
  const scale = norm?.kind === 'batchNorm' ? normScale(norm) : undefined;
  const end = scale && norm ? norm.name : layer;
  const sum = onlyReader(readers, end);
  if (sum?.kind !== 'add') return undefined;
  const node = sum.inputs.find((input) => input !== end);
  const place = (name: string) => graph.nodes.findIndex((candidate) => candidate.name === name);
  if (node === undefined || place(node) > place(layer)) return undefined;
  return { node, ...(scale && { scale }) };
}

/** `gamma / sqrt(variance + epsilon)`, per channel. */
export function normScale({ epsilon, params: { gamma, variance } }: BatchNormNode): Float32Array {
  return gamma.data.map((value, c) => value / Math.sqrt(variance.data[c] + epsilon));
}

function onlyReader(readers: ReturnType<typeof consumers>, name: string) {
  const all = readers.get(name) ?? [];
  return all.length === 1 ? all[0] : undefined;
}
