import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DatasetError } from './dataset-error';

const unzip = promisify(gunzip);

/** An array in the format of the MNIST files (LeCun, Cortes & Burges 1998). */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const GZIP_MAGIC = 0x1f8b;
const UNSIGNED_BYTE = 0x08;

/**
 * Parses an idx file of unsigned bytes, gzipped or plain.
 * @param rank dimensions that it must have.
 * @param name the file's, for messages.
 * @throws DatasetError when it is no such file or is cut short.
 */
export async function parseIdx(file: Uint8Array, rank: number, name: string): Promise<IdxArray> {
  const bytes = await inflate(file, name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = 4 + 4 * rank;
  if (bytes.length < header)
    throw new DatasetError(`${name} is cut short: ${bytes.length} bytes, less than its header`);
  const magic = view.getUint32(0);
  const expected = (UNSIGNED_BYTE << 8) | rank;
  if (magic !== expected) {
    throw new DatasetError(
      `${name} is not an idx file of bytes with ${rank} ${rank === 1 ? 'dimension' : 'dimensions'}: ` +
        `it begins with 0x${magic.toString(16).padStart(8, '0')} instead of 0x${expected.toString(16).padStart(8, '0')}`,
    );
  }
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== header + size) {
    const problem = bytes.length < header + size ? 'is cut short' : 'is longer than it should be';
    throw new DatasetError(
      `${name} ${problem}: ${bytes.length} bytes, where ${shape.join(' x ')} need ${header + size}. Download it again`,
    );
  }
  return { shape, data: bytes.subarray(header) };
}

async function inflate(file: Uint8Array, name: string): Promise<Uint8Array> {
  if (file.length < 2 || ((file[0] << 8) | file[1]) !== GZIP_MAGIC) return file;
  try {
    return await unzip(file);
  } catch (error) {
    throw new DatasetError(`${name} can't be unzipped: ${(error as Error).message}. Download it again`);
  }
}
