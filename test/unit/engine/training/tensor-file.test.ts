import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTensorFile, TensorFileError, writeTensorFile } from '../../../../src/engine/training/tensor-file';
import { temporaryFolder } from '../../../support/temporary-folder';

const tensors = new Map([
  ['conv/weight', { shape: [2, 3], data: Float32Array.of(1, -0, 1e-40, Infinity, NaN, 0.1) }],
  ['empty', { shape: [0], data: new Float32Array() }],
  ['scalar ü', { shape: [], data: Float32Array.of(7) }],
]);

describe('tensor file', () => {
  it('gives back every bit', async () => {
    const path = join(temporaryFolder(), 'a.safetensors');
    await writeTensorFile(path, tensors, { step: 3, text: 'ü' });
    const read = await readTensorFile(path);
    expect(read.json).toEqual({ step: 3, text: 'ü' });
    expect([...read.tensors.keys()]).toEqual([...tensors.keys()]);
    for (const [name, { shape, data }] of tensors) {
      expect(read.tensors.get(name)?.shape).toEqual(shape);
      expect(new Uint32Array(read.tensors.get(name)!.data.buffer)).toEqual(new Uint32Array(data.buffer));
    }
  });

  it('has the layout of safetensors, for other tools to read', async () => {
    const path = join(temporaryFolder(), 'a.safetensors');
    await writeTensorFile(path, tensors, null);
    const bytes = readFileSync(path);
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, unknown>;
    expect(length % 8).toBe(0);
    expect(header['conv/weight']).toEqual({ dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] });
    expect(header['scalar ü']).toEqual({ dtype: 'F32', shape: [], data_offsets: [24, 28] });
    expect(bytes.length).toBe(8 + length + 28);
    expect(bytes.readFloatLE(8 + length + 24)).toBe(7);
  });

  it('is refused when it was cut at any byte, or any byte was changed', async () => {
    const path = join(temporaryFolder(), 'a.safetensors');
    await writeTensorFile(path, tensors, { step: 3 });
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      writeFileSync(path, whole.subarray(0, at));
      await expect(readTensorFile(path), `cut at ${at}`).rejects.toThrow(TensorFileError);
      const changed = Buffer.from(whole);
      changed[at] ^= 1;
      writeFileSync(path, changed);
      await expect(readTensorFile(path), `changed at ${at}`).rejects.toThrow(TensorFileError);
    }
  });

  it('leaves no rubbish when it cannot be put in place', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a.safetensors'));
    await expect(writeTensorFile(join(folder, 'a.safetensors'), tensors, null)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['a.safetensors']);
  });
});
