import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Tensor } from '../../graph/node';
import { ModelFileError } from '../model-file-error';
import type { WeightsManifest } from './model-json';

/**
 * All weights of a TF.js model by name, from the files beside its `model.json`.
 * @throws ModelFileError when a file is missing or shorter than the weights need.
 */
export async function readWeights(modelPath: string, manifest: WeightsManifest): Promise<ReadonlyMap<string, Tensor>> {
  const weights = new Map<string, Tensor>();
  for (const { paths, weights: entries } of manifest) {
    const shards = await Promise.all(paths.map((path) => readShard(join(dirname(modelPath), path), path)));
    const bytes = Buffer.concat(shards);
    let at = 0;
    for (const { name, shape, dtype, quantization } of entries) {
      if (dtype !== 'float32' || quantization !== undefined) {
        throw new ModelFileError(
          `the weight "${name}" is ${quantization === undefined ? dtype : 'quantized'}; only float32 is supported`,
          'convert the model without quantization',
        );
      }
      const length = 4 * shape.reduce((product, extent) => product * extent, 1);
      if (at + length > bytes.length) {
        throw new ModelFileError(
          `${paths.join(', ')} end in the middle of the weight "${name}": they are damaged or cut off`,
          'copy or convert the model again',
        );
      }
      // A copy, since a Float32Array has to begin at a multiple of four.
      weights.set(name, { shape, data: new Float32Array(Uint8Array.from(bytes.subarray(at, at + length)).buffer) });
      at += length;
    }
  }
  return weights;
}

async function readShard(path: string, name: string): Promise<Buffer> {
  return readFile(path).catch(() => {
    throw new ModelFileError(
      `the weights file ${name} is missing`,
      'keep all files that came with model.json in one folder',
    );
  });
}
