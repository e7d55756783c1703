import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An idx file of bytes. */
export function idxBytes(shape: readonly number[], data: Uint8Array | readonly number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.writeUInt32BE(0x0800 | shape.length, 0);
  shape.forEach((length, i) => header.writeUInt32BE(length, 4 + 4 * i));
  return Buffer.concat([header, Buffer.from(data)]);
}

export interface MnistFiles {
  readonly train: number;
  readonly test: number;
  /** Byte of every pixel of an image; default: its number. */
  readonly pixel?: (image: number) => number;
}

/** The four files of a small MNIST; image i is of class i mod 10. */
export function writeMnistFiles(folder: string, { train, test, pixel = (image) => image }: MnistFiles): void {
  const images = (count: number) => Buffer.concat(Array.from({ length: count }, (_, i) => Buffer.alloc(784, pixel(i))));
  const labels = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % 10);
  const write = (name: string, bytes: Buffer) => writeFileSync(join(folder, name), bytes);
  write('train-images-idx3-ubyte', idxBytes([train, 28, 28], images(train)));
  write('train-labels-idx1-ubyte', idxBytes([train], labels(train)));
  write('t10k-images-idx3-ubyte', idxBytes([test, 28, 28], images(test)));
  write('t10k-labels-idx1-ubyte', idxBytes([test], labels(test)));
}
