import { makeGraph, type Graph } from '../graph/graph';
import type { Node, Padding, PadNode } from '../graph/node';

/**
 * Lets convolutions do the zero padding of the pads before them: formats that only know "same" and "valid" need a layer
 * of its own for what is one operation. A max pool pads with the lowest value, so it takes a pad over only where nothing
 * negative can come in.
 */
export function mergePads(graph: Graph): Graph {
  const byName = new Map(graph.nodes.map((node) => [node.name, node]));
  const nodes = graph.nodes.map((node): Node => {
    if (node.kind !== 'conv2d' && node.kind !== 'depthwiseConv2d' && node.kind !== 'maxPool') return node;
    const pad = byName.get(node.inputs[0]);
    if (pad?.kind !== 'pad' || !padsSpaceOnly(pad)) return node;
    const source = byName.get(pad.inputs[0]);
    const padding = sum(node.padding, pad);
    if (node.kind === 'maxPool' && !(source && isNonNegative(source) && leavesCells(node.size, padding))) return node;
    return { ...node, inputs: pad.inputs, padding };
  });
  return makeGraph(graph.name, nodes, graph.output);
}

function padsSpaceOnly({ pads }: PadNode): boolean {
  return pads.length === 3 && pads[2].every((width) => width === 0);
}

function isNonNegative({ kind }: Node): boolean {
  return kind === 'relu' || kind === 'relu6' || kind === 'sigmoid' || kind === 'softmax';
}

/** Whether every window sees a cell of the image, as pools need. */
function leavesCells([height, width]: readonly [number, number], { top, bottom, left, right }: Padding): boolean {
  return Math.max(top, bottom) < height && Math.max(left, right) < width;
}

function sum({ top, bottom, left, right }: Padding, { pads: [rows, columns] }: PadNode): Padding {
  return { top: top + rows[0], bottom: bottom + rows[1], left: left + columns[0], right: right + columns[1] };
}
