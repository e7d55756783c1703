import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const cifarBinaries = [...[1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`), 'test_batch.bin'];

/**
 * The six official files of a small CIFAR-10. Image i of a file is of class i mod 10. The red of pixel (y, x) is
 * 8 y, its green 8 x, its blue tells the image: file * imagesPerFile + i, which must stay below 256.
 */
export function writeCifarFiles(folder: string, imagesPerFile: number): void {
  cifarBinaries.forEach((name, file) => {
    const records = Array.from({ length: imagesPerFile }, (_, i) => {
      const record = Buffer.alloc(3073, file * imagesPerFile + i);
      record[0] = i % 10;
      for (let p = 0; p < 1024; p++) {
        record[1 + p] = 8 * Math.floor(p / 32);
        record[1 + 1024 + p] = 8 * (p % 32);
      }
      return record;
    });
    writeFileSync(join(folder, name), Buffer.concat(records));
  });
}

/** Leaves bytes as they are but for the scale: value / 255. */
export const unnormalized = { mean: [0, 0, 0], std: [1, 1, 1] };
