import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseIdx } from '../../../../src/engine/data/idx';
import { idxBytes } from '../../../support/idx-files';

describe('idx files', () => {
  const file = idxBytes([2, 1, 3], [1, 2, 3, 4, 5, 6]);

  it('gives shape and bytes, plain or zipped', async () => {
    for (const bytes of [file, gzipSync(file)]) {
      const { shape, data } = await parseIdx(bytes, 3, 'images');
      expect(shape).toEqual([2, 1, 3]);
      expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  it('refuses a file that is cut anywhere', async () => {
    for (let length = 0; length < file.length; length++) {
      await expect(parseIdx(file.subarray(0, length), 3, 'images')).rejects.toThrow(/images is cut short/);
    }
  });

  it('refuses a zip that is cut', async () => {
    await expect(parseIdx(gzipSync(file).subarray(0, 20), 3, 'images.gz')).rejects.toThrow(
      /images\.gz can't be unzipped/,
    );
  });

  it('refuses another kind of file, and trailing bytes', async () => {
    await expect(parseIdx(Buffer.from('not an idx file at all'), 3, 'images')).rejects.toThrow(
      /begins with 0x6e6f7420/,
    );
    await expect(parseIdx(file, 1, 'labels')).rejects.toThrow(/labels is not an idx file of bytes with 1 dimension/);
    await expect(parseIdx(Buffer.concat([file, file]), 3, 'images')).rejects.toThrow(/longer than it should be/);
  });
});
