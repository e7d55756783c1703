import { describe, expect, it } from 'vitest';
import { decodeOnnx } from '../../../../src/engine/formats/onnx/read-onnx';
import { encodeOnnx } from '../../../../src/engine/formats/onnx/write-onnx';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { inputShape, parameters, type Graph } from '../../../../src/engine/graph/graph';
import { inferShapes, size } from '../../../../src/engine/graph/shape';
import { opCases } from '../../../support/op-cases';
import { randomized } from '../../../support/randomized';
import { referenceOutput } from '../../../support/reference-forward';
import { runOnnxSample } from '../../../support/run-onnx';
import { seededNormal } from '../../../support/seeded';

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  Array.from(actual).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
}

/** The op, then a dense layer that tells every value of its output from every other. */
function graphOf({ input: shape = [6, 5, 4], build }: (typeof opCases)[number]) {
  const b = new GraphBuilder('op', 3);
  const output = build(b, b.input(shape));
  const features = b.shapeOf(output).length === 1 ? output : b.flatten(output, 'all');
  return randomized(b.build(b.dense(features, { name: 'last', units: 6 })), 4);
}

describe.each(opCases.map((opCase) => [opCase.name, opCase] as const))('%s', (_name, opCase) => {
  const graph = graphOf(opCase);
  const sample = Float32Array.from({ length: size(inputShape(graph)) }, seededNormal(5));
  const expected = referenceOutput(graph, sample);

  it('runs in onnxruntime as it computes', async () => {
    expectClose(await runOnnxSample(encodeOnnx(graph), sample, inputShape(graph)), expected);
  });

  it('is the same function and has the same parameters when read back', async () => {
    const back = await decodeOnnx(encodeOnnx(graph), 'op');
    expectClose(referenceOutput(back, sample), expected);
    expect(inferShapes(back).get(back.output)).toEqual([6]);
    expect(paramSizes(back)).toEqual(paramSizes(graph));
  });
});

/** How many values each parameter has: a convolution with one channel in each group comes back as a depthwise one. */
function paramSizes(graph: Graph): ReadonlyMap<string, number> {
  return new Map([...parameters(graph)].map(([key, { data }]) => [key, data.length]));
}
