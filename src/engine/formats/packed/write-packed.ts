import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { parameters, type Graph } from '../../graph/graph';
import { hasParams, hasWeight, type Tensor } from '../../graph/node';
import { BitWriter } from './bits';
import { codeLengths, encodeHuffman } from './huffman';
import { indicesOf } from './indices';
import { MAGIC, VERSION, type Entry, type Header } from './layout';

/**
 * The graph in a file that is as small as its quantization makes it: weights as indices of few bits each, Huffman-coded
 * where that is shorter (Han et al. 2016, section 4). Described in docs/packed.md.
 */
export function encodePacked(graph: Graph): Uint8Array {
  const indices = new Map<string, Uint8Array | undefined>(
    graph.nodes.filter(hasWeight).map((node) => [`${node.name}/weight`, indicesOf(node)] as const),
  );
  const blocks = [...parameters(graph)].map(([name, tensor]) => block(name, tensor, indices.get(name)));
  const data = Buffer.concat(blocks.map(({ bytes }) => bytes));
  const nodes = graph.nodes.map((node) =>
    hasParams(node) ? { ...node, params: Object.keys(node.params) } : { ...node },
  );
  const header: Header = {
    name: graph.name,
    output: graph.output,
    nodes,
    tensors: blocks.map(({ entry }) => entry),
    sha256: createHash('sha256').update(data).digest('hex'),
  };
  const packed = deflateSync(JSON.stringify(header), { level: 9 });
  const front = Buffer.alloc(MAGIC.length + 8);
  front.write(MAGIC, 'latin1');
  front.writeUInt32LE(VERSION, MAGIC.length);
  front.writeUInt32LE(packed.length, MAGIC.length + 4);
  return Buffer.concat([front, packed, data]);
}

function block(name: string, { shape, data }: Tensor, indices?: Uint8Array): { entry: Entry; bytes: Uint8Array } {
  if (!indices) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { entry: { name, shape, as: 'float32', bytes: bytes.length }, bytes };
  }
  const counts = new Array<number>(1 + indices.reduce((most, index) => Math.max(most, index), 0)).fill(0);
  for (const index of indices) counts[index]++;
  const bits = Math.max(1, Math.ceil(Math.log2(counts.length)));
  const lengths = codeLengths(counts);
  const coded = counts.reduce((sum, count, symbol) => sum + count * lengths[symbol], 0);
  if (coded < bits * indices.length) {
    const bytes = encodeHuffman(indices, lengths);
    return { entry: { name, shape, as: 'huffman', lengths, bytes: bytes.length }, bytes };
  }
  const writer = new BitWriter();
  for (const index of indices) writer.write(index, bits);
  const bytes = writer.finish();
  return { entry: { name, shape, as: 'bits', bits, bytes: bytes.length }, bytes };
}
