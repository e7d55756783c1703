import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ModelFileError } from '../../../../src/engine/formats/model-file-error';
import { encodeOnnx } from '../../../../src/engine/formats/onnx/write-onnx';
import { readModel } from '../../../../src/engine/formats/read-model';
import { writeModel } from '../../../../src/engine/formats/write-model';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { parameters, withParameters, type Graph } from '../../../../src/engine/graph/graph';
import { onnxModel } from '../../../support/onnx-model';
import { temporaryFolder } from '../../../support/temporary-folder';

const disk = vi.hoisted(() => ({ full: '' }));

vi.mock('node:fs/promises', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs/promises')>();
  const writeFile: typeof fs.writeFile = async (path, contents, options) => {
    if (!disk.full || !String(path).includes(disk.full)) return fs.writeFile(path, contents, options);
    await fs.writeFile(path, 'the part that fitted');
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  };
  return { ...fs, writeFile };
});
afterEach(() => {
  disk.full = '';
});

/** A model large enough that TF.js keeps it in two shards. */
function model(seed: number): Graph {
  const b = new GraphBuilder('wide', seed);
  return b.build(b.dense(b.input([600]), { name: 'fc', units: 2000 }));
}

/** `toEqual` takes seconds for a million values. */
function sameParameters(a: Graph, b: Graph): boolean {
  const [first, second] = [a, b].map((graph) =>
    [...parameters(graph).values()].map(({ data }) => Buffer.from(data.buffer)),
  );
  return first.length === second.length && first.every((bytes, i) => bytes.equals(second[i]));
}

describe('writeModel', () => {
  it.each(['onnx', 'tfjs'] as const)('leaves the old %s model whole when the disk is full', async (format) => {
    const folder = temporaryFolder();
    const old = await writeModel(model(1), format, folder, 'net');
    disk.full = format === 'onnx' ? 'net.onnx' : 'shard2of2';
    const attempt = writeModel(model(2), format, folder, 'net');
    await expect(attempt).rejects.toThrow(/could not be written: ENOSPC/);
    await expect(attempt).rejects.toMatchObject({ hint: expect.stringContaining('free some space') });
    expect(sameParameters(await readModel(old.path), model(1))).toBe(true);
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.partial'))).toEqual([]);
  });

  it('says that a folder is needed where there is a file', async () => {
    const file = join(temporaryFolder(), 'taken');
    writeFileSync(file, '');
    await expect(writeModel(model(1), 'onnx', file, 'net')).rejects.toMatchObject({
      name: 'ModelFileError',
      hint: 'output.directory has to be a folder',
    });
  });

  it('counts the bytes of all files', async () => {
    const folder = temporaryFolder();
    const { path, bytes } = await writeModel(model(1), 'tfjs', folder, 'net');
    const files = readdirSync(join(path, '..'));
    expect(files.length).toBe(3);
    expect(files.reduce((sum, name) => sum + readFileSync(join(path, '..', name)).length, 0)).toBe(bytes);
  });
});

describe('readModel', () => {
  const file = (contents: Uint8Array | string, name = 'net.onnx') => {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, contents);
    return path;
  };

  it('refuses an ONNX file that is cut anywhere, naming the file', async () => {
    const b = new GraphBuilder('net', 1);
    const whole = encodeOnnx(
      b.build(b.dense(b.relu(b.dense(b.input([3]), { name: 'fc1', units: 4 })), { name: 'fc2', units: 2 })),
    );
    for (let length = 0; length < whole.length; length += 7) {
      const path = file(whole.slice(0, length));
      const error: unknown = await readModel(path).catch((reason: unknown) => reason);
      expect(error, `cut at ${length} of ${whole.length}`).toBeInstanceOf(ModelFileError);
      expect(String(error)).toContain(path);
    }
  });

  it.each<[string, Uint8Array | string, string, RegExp]>([
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'net.onnx', /not an ONNX model/],
    ['text', 'version https://example.org/spec\noid sha256:1234\n', 'net.onnx', /not an ONNX model/],
    ['an empty file', '', 'net.onnx', /the file is empty/],
    ['other JSON', '{"name": "a package"}', 'package.json', /not the model\.json of a TF\.js layers model/],
  ])('says of %s that it is no model', async (_what, contents, name, message) => {
    await expect(readModel(file(contents, name))).rejects.toThrow(message);
  });

  it('names a file that is not there', async () => {
    await expect(readModel('nowhere/net.onnx')).rejects.toThrow('there is no file nowhere/net.onnx');
  });

  it('names the first parameter that is not a number', async () => {
    const graph = model(1);
    const weight = parameters(graph).get('fc/weight');
    const data = Float32Array.from(weight?.data ?? []);
    data[12] = NaN;
    const broken = withParameters(graph, new Map([['fc/weight', { shape: weight?.shape ?? [], data }]]));
    await expect(readModel(file(encodeOnnx(broken)))).rejects.toThrow(/the parameter "fc\/weight" has the value NaN/);
  });

  describe('weights in a file of their own', () => {
    const external = (location: string) =>
      onnxModel({
        input: [2],
        nodes: [['MatMul', ['x', 'w'], 'y']],
        raw: [
          {
            name: 'w',
            dataType: onnxProto.onnx.TensorProto.DataType.FLOAT,
            dims: [2, 3],
            dataLocation: onnxProto.onnx.TensorProto.DataLocation.EXTERNAL,
            externalData: Object.entries({ location, offset: '4', length: '24' }).map(([key, value]) => ({
              key,
              value,
            })),
          },
        ],
      });
    const values = Float32Array.of(99, 1, 2, 3, 4, 5, 6);

    it('are read', async () => {
      const path = file(external('net.data'));
      writeFileSync(join(path, '..', 'net.data'), new Uint8Array(values.buffer));
      const [weight] = parameters(await readModel(path)).values();
      expect([...weight.data]).toEqual([1, 2, 3, 4, 5, 6]);
    });

    it('are named when the file is missing, short, or outside the folder', async () => {
      const path = file(external('net.data'));
      await expect(readModel(path)).rejects.toThrow(/the weight "w" is kept in the file net\.data, which is missing/);
      writeFileSync(join(path, '..', 'net.data'), new Uint8Array(values.buffer).slice(0, 20));
      await expect(readModel(path)).rejects.toThrow(/net\.data ends at byte 20, in the middle of the weight "w"/);
      await expect(readModel(file(external('../secret')))).rejects.toThrow(/outside the model's folder/);
    });
  });
});
