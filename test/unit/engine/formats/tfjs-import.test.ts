import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../../src/engine/formats/read-model';
import { referenceOutput } from '../../../support/reference-forward';
import { seededNormal } from '../../../support/seeded';
import { temporaryFolder } from '../../../support/temporary-folder';

/** Saves as TF.js itself does. */
async function save(model: tf.LayersModel): Promise<string> {
  const folder = temporaryFolder();
  const handler = tf.io.withSaveHandler((artifacts) => {
    const { modelTopology, weightSpecs, weightData } = artifacts;
    const manifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
    writeFileSync(join(folder, 'model.json'), JSON.stringify({ modelTopology, weightsManifest: manifest }));
    writeFileSync(join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } });
  });
  await model.save(handler);
  return join(folder, 'model.json');
}

/** Weights that all have an effect; variances stay positive. */
function randomize(model: tf.LayersModel): void {
  const normal = seededNormal(3);
  for (const weight of model.weights) {
    const positive = weight.name.includes('variance');
    const values = Float32Array.from({ length: weight.shape.reduce<number>((n, d) => n * (d ?? 1), 1) }, () =>
      positive ? 0.5 + normal() ** 2 : 0.5 * normal(),
    );
    weight.write(tf.tensor(values, weight.shape as number[]));
  }
}

async function expectSame(model: tf.LayersModel, shape: readonly number[]): Promise<void> {
  randomize(model);
  const graph = await readModel(await save(model));
  const normal = seededNormal(4);
  const sample = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => normal());
  const expected = await (model.predict(tf.tensor(sample, [1, ...shape])) as tf.Tensor).data();
  const actual = referenceOutput(graph, sample);
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
}

describe('a model that TF.js has saved', () => {
  const { layers } = tf;

  it('reads a sequential model with activations inside its layers', async () => {
    const model = tf.sequential({
      layers: [
        layers.conv2d({
          inputShape: [9, 8, 3],
          filters: 4,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          activation: 'relu',
        }),
        layers.batchNormalization({ scale: false }),
        layers.separableConv2d({ filters: 6, kernelSize: 3, depthMultiplier: 2, activation: 'relu6' }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dropout({ rate: 0.5 }),
        layers.dense({ units: 8, activation: 'tanh', useBias: false }),
        layers.dense({ units: 5, activation: 'softmax' }),
      ],
    });
    await expectSame(model, [9, 8, 3]);
  });

  it('reads a functional model with branches', async () => {
    const input = tf.input({ shape: [8, 8, 3] });
    const apply = (layer: tf.layers.Layer, ...from: tf.SymbolicTensor[]) =>
      layer.apply(from.length === 1 ? from[0] : from) as tf.SymbolicTensor;
    const padded = apply(
      layers.zeroPadding2d({
        padding: [
          [1, 0],
          [0, 2],
        ],
      }),
      input,
    );
    const a = apply(layers.conv2d({ filters: 4, kernelSize: 3, strides: 2 }), padded);
    const b = apply(
      layers.averagePooling2d({ poolSize: 2 }),
      apply(layers.conv2d({ filters: 4, kernelSize: 1 }), input),
    );
    const cropped = apply(
      layers.cropping2D({
        cropping: [
          [0, 1],
          [1, 0],
        ],
      }),
      b,
    );
    const c = apply(layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 1 }), b);
    const sum = apply(
      layers.add(),
      apply(layers.leakyReLU({ alpha: 0.2 }), cropped),
      c,
      apply(
        layers.cropping2D({
          cropping: [
            [0, 1],
            [0, 1],
          ],
        }),
        a,
      ),
    );
    const joined = apply(layers.concatenate(), sum, cropped);
    const output = apply(layers.dense({ units: 4 }), apply(layers.globalAveragePooling2d({}), joined));
    await expectSame(tf.model({ inputs: input, outputs: output }), [8, 8, 3]);
  });

  it('names a layer whose activation it does not know', async () => {
    const model = tf.sequential({
      layers: [layers.dense({ inputShape: [3], units: 2, activation: 'softplus', name: 'odd' })],
    });
    await expect(readModel(await save(model))).rejects.toThrow(/layer "odd" \(Dense\) has the activation softplus/);
  });
});
