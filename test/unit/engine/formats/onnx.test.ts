import { describe, expect, it } from 'vitest';
import type { ZooName } from '../../../../src/config/schema';
import { decodeOnnx } from '../../../../src/engine/formats/onnx/read-onnx';
import { encodeOnnx } from '../../../../src/engine/formats/onnx/write-onnx';
import { inputShape, parameters, type Graph } from '../../../../src/engine/graph/graph';
import { size } from '../../../../src/engine/graph/shape';
import { buildZooModel } from '../../../../src/engine/zoo/zoo';
import { couplingGraph, couplings } from '../../../support/coupling-graphs';
import { referenceOutput } from '../../../support/reference-forward';
import { runOnnxSample } from '../../../support/run-onnx';
import { seededNormal } from '../../../support/seeded';

const sampleFor = (graph: Graph) =>
  Float32Array.from({ length: size(inputShape(graph)) }, seededNormal(size(inputShape(graph))));

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  expect(actual.length).toBe(expected.length);
  Array.from(actual).forEach((value, i) => expect(Math.abs(value - expected[i]) / scale).toBeLessThan(1e-4));
}

describe.each(Object.keys(couplings))('a model with %s', (name) => {
  const graph = couplingGraph(name);
  const sample = sampleFor(graph);

  it('runs in onnxruntime as it computes', async () => {
    expectClose(await runOnnxSample(encodeOnnx(graph), sample, inputShape(graph)), referenceOutput(graph, sample));
  });

  it('is the same function when read back', async () => {
    const back = await decodeOnnx(encodeOnnx(graph), name);
    expectClose(referenceOutput(back, sample), referenceOutput(graph, sample));
    expect([...parameters(back).keys()].sort()).toEqual([...parameters(graph).keys()].sort());
  });
});

describe.each<[ZooName, number, number]>([
  ['lenet', 28, 1],
  ['convnet', 28, 1],
  ['resnet20', 32, 3],
  ['resnet56', 32, 3],
  ['resnet18', 64, 3],
  ['resnet50', 64, 3],
  ['mobilenet-v1', 64, 3],
  ['mobilenet-v2', 64, 3],
])('%s', (name, resolution, channels) => {
  it('runs in onnxruntime, and again after reading and writing', async () => {
    const graph = buildZooModel(name, {
      inputShape: [resolution, resolution, channels],
      classes: 10,
      width: 0.25,
      seed: 1,
    });
    const sample = sampleFor(graph);
    const first = encodeOnnx(graph);
    const again = encodeOnnx(await decodeOnnx(first, name));
    const output = await runOnnxSample(first, sample, inputShape(graph));
    expectClose(await runOnnxSample(again, sample, inputShape(graph)), output);
    if (resolution < 64) expectClose(output, referenceOutput(graph, sample));
  });
});
