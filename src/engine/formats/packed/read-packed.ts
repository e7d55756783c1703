import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { GraphError, makeGraph, type Graph } from '../../graph/graph';
import { hasParams, hasWeight, type Node, type Tensor } from '../../graph/node';
import { ModelFileError } from '../model-file-error';
import { BitReader } from './bits';
import { decodeHuffman } from './huffman';
import { weightOf } from './indices';
import { headerSchema, MAGIC, VERSION, type Entry, type Header } from './layout';

export function isPacked(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') === MAGIC;
}

/** @throws ModelFileError when the file is cut, changed or newer. */
export function decodePacked(bytes: Uint8Array): Graph {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = MAGIC.length + 8;
  if (buffer.length < start) throw damaged();
  const version = buffer.readUInt32LE(MAGIC.length);
  if (version !== VERSION) {
    throw new ModelFileError(`the file is of version ${version}, and this reads ${VERSION}`, 'update PocketFlow');
  }
  const end = start + buffer.readUInt32LE(MAGIC.length + 4);
  const header = readHeader(buffer.subarray(start, end));
  const data = buffer.subarray(end);
  if (createHash('sha256').update(data).digest('hex') !== header.sha256) throw damaged();
  try {
    return graphOf(header, data);
  } catch (error) {
    if (error instanceof GraphError) throw error;
    // The checksum fits, so whoever wrote it did not keep to the format.
    throw damaged();
  }
}

function readHeader(bytes: Uint8Array): Header {
  try {
    return headerSchema.parse(JSON.parse(inflateSync(bytes).toString('utf8')));
  } catch {
    throw damaged();
  }
}

function graphOf({ name, output, nodes, tensors }: Header, data: Uint8Array): Graph {
  const stored = new Map<string, Tensor | { shape: readonly number[]; indices: Uint8Array }>();
  let at = 0;
  for (const entry of tensors) {
    stored.set(entry.name, read(entry, data.subarray(at, at + entry.bytes)));
    at += entry.bytes;
  }
  const whole = nodes.map((stub) => {
    const { params: keys, ...rest } = stub as typeof stub & { params?: readonly string[] };
    if (!keys) return rest as unknown as Node;
    const params = Object.fromEntries(
      keys.map((key) => {
        const tensor = stored.get(`${stub.name}/${key}`);
        if (!tensor) throw damaged();
        return [key, 'data' in tensor ? tensor : { shape: tensor.shape, data: new Float32Array() }];
      }),
    );
    const node = { ...rest, params } as unknown as Node;
    const weight = stored.get(`${stub.name}/weight`);
    if (!hasWeight(node) || !hasParams(node) || !weight || 'data' in weight) return node;
    return { ...node, params: { ...node.params, weight: weightOf(node, weight.indices) } };
  });
  return makeGraph(name, whole, output);
}

function read(entry: Entry, bytes: Uint8Array): Tensor | { shape: readonly number[]; indices: Uint8Array } {
  const { shape } = entry;
  const count = shape.reduce((product, extent) => product * extent, 1);
  switch (entry.as) {
    case 'float32':
      // A copy, since a Float32Array has to begin at a multiple of four.
      return { shape, data: new Float32Array(Uint8Array.from(bytes).buffer) };
    case 'bits': {
      const reader = new BitReader(bytes);
      return { shape, indices: Uint8Array.from({ length: count }, () => reader.read(entry.bits)) };
    }
    case 'huffman':
      return { shape, indices: decodeHuffman(bytes, count, entry.lengths) };
  }
}

function damaged(): ModelFileError {
  return new ModelFileError('the file is damaged or cut off', 'copy it again, or write it again with a run');
}
