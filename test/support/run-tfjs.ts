import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Shape } from '../../src/engine/graph/node';

interface ModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
}

/** Output of a TF.js layers model for one sample, by TF.js itself on its plain CPU backend. */
export async function runTfjsSample(path: string, sample: Float32Array, shape: Shape): Promise<Float32Array> {
  await tf.setBackend('cpu');
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(path, 'utf8')) as ModelJson;
  const [{ paths, weights: weightSpecs }] = weightsManifest;
  const bytes = Buffer.concat(await Promise.all(paths.map((file) => readFile(join(dirname(path), file)))));
  const weightData = Uint8Array.from(bytes).buffer;
  const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
  const output = tf.tidy(() => model.predict(tf.tensor(sample, [1, ...shape])) as tf.Tensor);
  const values = await output.data<'float32'>();
  tf.dispose([output]);
  model.dispose();
  return values;
}
