import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Tensor } from '../graph/node';
import type { Parameters } from '../runtime/executor';

/**
 * Named float32 tensors and one JSON value in a safetensors file (https://github.com/huggingface/safetensors): eight
 * bytes little-endian length, a JSON header, the tensors' bytes. `__metadata__` also holds a SHA-256 of everything, so
 * that a file that was cut or changed is recognised.
 */
const headerSchema = z.intersection(
  z.object({ __metadata__: z.object({ json: z.string(), sha256: z.string() }) }),
  z.record(z.string(), z.unknown()),
);
const entrySchema = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});
type Entries = Record<string, z.output<typeof entrySchema>>;

const LENGTH_BYTES = 8;

/** Replaces `path` in one step: after a crash or on a full disk the old file is still there, whole. */
export async function writeTensorFile(path: string, tensors: Parameters, json: unknown): Promise<void> {
  const entries: Entries = {};
  const chunks: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    entries[name] = { dtype: 'F32', shape: [...shape], data_offsets: [offset, offset + data.byteLength] };
    chunks.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  const text = JSON.stringify(json);
  const header = JSON.stringify({ __metadata__: { json: text, sha256: digest(text, entries, chunks) }, ...entries });
  // Spaces are the format's own padding; they keep the tensors aligned for readers that map the file.
  const headerBytes = Buffer.from(header.padEnd(header.length + ((8 - (Buffer.byteLength(header) % 8)) % 8)));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(headerBytes.length));

  const temporary = `${path}.partial`;
  try {
    const file = await open(temporary, 'w');
    try {
      for (const chunk of [length, headerBytes, ...chunks]) await file.writeFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** @throws TensorFileError when the file is cut, changed or of another format. */
export async function readTensorFile(path: string): Promise<{ tensors: Map<string, Tensor>; json: unknown }> {
  const bytes = await readFile(path);
  const broken = (what: string) => new TensorFileError(`${path}: ${what}`);
  if (bytes.length < LENGTH_BYTES) throw broken('the file is cut off');
  const dataStart = LENGTH_BYTES + Number(bytes.readBigUInt64LE(0));
  if (dataStart > bytes.length) throw broken('the file is cut off');

  const { text, sha256, entries } = parseHeader(bytes.toString('utf8', LENGTH_BYTES, dataStart), broken);
  const dataEnd = Math.max(dataStart, ...Object.values(entries).map((entry) => dataStart + entry.data_offsets[1]));
  if (bytes.length < dataEnd) throw broken('the file is cut off');
  if (digest(text, entries, [bytes.subarray(dataStart)]) !== sha256) throw broken('the checksum does not fit');
  const tensors = new Map<string, Tensor>();
  for (const [name, { shape, data_offsets: range }] of Object.entries(entries)) {
    const [begin, end] = range.map((at) => bytes.byteOffset + dataStart + at);
    // A copy, since a Float32Array has to begin at a multiple of four.
    tensors.set(name, { shape, data: new Float32Array(bytes.buffer.slice(begin, end)) });
  }
  return { tensors, json: JSON.parse(text) };
}

export class TensorFileError extends Error {
  override readonly name = 'TensorFileError';
}

function parseHeader(header: string, broken: (what: string) => TensorFileError) {
  try {
    const { __metadata__: metadata, ...rest } = headerSchema.parse(JSON.parse(header));
    const entries: Entries = z.record(z.string(), entrySchema).parse(rest);
    return { text: metadata.json, sha256: metadata.sha256, entries };
  } catch {
    throw broken('the header cannot be read');
  }
}

function digest(json: string, entries: Entries, chunks: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(json).update(JSON.stringify(entries));
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** Makes the rename itself durable; Windows has no such call and doesn't need it. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
