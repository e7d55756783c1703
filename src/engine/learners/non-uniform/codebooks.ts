import type { NonUniformOptions } from '../../../config/learners/non-uniform';
import { bucketCount, bucketOf } from '../../graph/buckets';
import { makeGraph, type Graph } from '../../graph/graph';
import { hasWeight, type CodebookQuantization, type WeightNode } from '../../graph/node';
import { withQuantizedWeight } from '../../graph/weight-quantization';
import type { BitsDecision } from '../decide-bits';
import { zeroMasks } from '../weight-sparse/zero-masks';
import { kMeans } from './k-means';

/** The model with each decided layer's weights at the entries of codebooks that k-means found. */
export function withCodebooks(graph: Graph, bits: BitsDecision, options: NonUniformOptions, seed: number): Graph {
  const sparse = zeroMasks(graph);
  const nodes = graph.nodes.map((node, i) => {
    const own = hasWeight(node) ? bits.get(node.name) : undefined;
    if (own === undefined || !hasWeight(node)) return node;
    return withCodebook(node, own, options, sparse.has(`${node.name}/weight`), seed + i);
  });
  return makeGraph(graph.name, nodes, graph.output);
}

/** @param keepsZeros An earlier stage pruned the layer: one entry is 0, and those weights keep it. */
function withCodebook(
  node: WeightNode,
  bits: number,
  options: NonUniformOptions,
  keepsZeros: boolean,
  seed: number,
): WeightNode {
  const quantization: CodebookQuantization = {
    kind: 'codebook',
    bits,
    buckets: options.codebook,
    train: options.train,
  };
  const rows = inBuckets(node, quantization).map((values, i) => {
    if (!keepsZeros) return kMeans(values, 2 ** bits, options, seed + 7919 * i).centres;
    const rest = values.filter((value) => value !== 0);
    const { centres } = kMeans(rest, 2 ** bits - 1, options, seed + 7919 * i);
    return Float64Array.of(...centres, 0).sort();
  });
  const entries = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const data = new Float32Array(rows.length * entries);
  rows.forEach((row, i) => {
    // A bucket with fewer different values repeats its last one.
    for (let k = 0; k < entries; k++) data[i * entries + k] = row[Math.min(k, row.length - 1)];
  });
  const params = { ...node.params, codebook: { shape: [rows.length, entries], data } };
  return withQuantizedWeight({ ...node, quantization, params });
}

function inBuckets(node: WeightNode, { buckets }: CodebookQuantization): readonly Float32Array[] {
  const { data } = node.params.weight;
  const bucket = bucketOf(node, buckets);
  const rows = Array.from({ length: bucketCount(node, buckets) }, (): number[] => []);
  for (let i = 0; i < data.length; i++) rows[bucket(i)].push(data[i]);
  return rows.map((row) => Float32Array.from(row));
}
