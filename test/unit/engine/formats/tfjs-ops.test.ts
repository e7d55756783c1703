import { describe, expect, it } from 'vitest';
import { readModel } from '../../../../src/engine/formats/read-model';
import { writeModel } from '../../../../src/engine/formats/write-model';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { inputShape, parameters } from '../../../../src/engine/graph/graph';
import { size } from '../../../../src/engine/graph/shape';
import { opCases } from '../../../support/op-cases';
import { randomized } from '../../../support/randomized';
import { referenceOutput } from '../../../support/reference-forward';
import { runTfjsSample } from '../../../support/run-tfjs';
import { seededNormal } from '../../../support/seeded';
import { temporaryFolder } from '../../../support/temporary-folder';

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

/** What TF.js layers can't say. The writer has to refuse it and not write something else. */
const refused: Readonly<Record<string, RegExp>> = {
  'conv2d groups': /node "op" is a grouped convolution/,
  'conv2d groups, stride and dilation': /node "op" is a grouped convolution/,
  'depthwiseConv2d dilation': /node "op" is a dilated depthwise convolution/,
  'maxPool, overlapping and padded': /node "maxPool1" \(maxPool\) has a padding/,
  'avgPool, overlapping and padded': /node "avgPool1" \(avgPool\) has a padding/,
};

describe('an op in a TF.js layers model', () => {
  it.each(
    opCases
      .filter(({ name, kind }) => !(name in refused) && kind !== 'fakeQuant')
      .map((opCase) => [opCase.name, opCase] as const),
  )('%s', async (_name, opCase) => {
    const graph = graphOf(opCase);
    const sample = Float32Array.from({ length: size(inputShape(graph)) }, seededNormal(5));
    const { path } = await writeModel(graph, 'tfjs', temporaryFolder(), 'op');
    const expected = referenceOutput(graph, sample);
    expectClose(await runTfjsSample(path, sample, inputShape(graph)), expected);
    const back = await readModel(path);
    expectClose(referenceOutput(back, sample), expected);
    expect([...parameters(back).keys()]).toEqual([...parameters(graph).keys()]);
  });

  it.each(Object.entries(refused))('%s is refused', async (name, message) => {
    const opCase = opCases.find((candidate) => candidate.name === name);
    const graph = opCase && graphOf(opCase);
    await expect(graph && writeModel(graph, 'tfjs', temporaryFolder(), 'op')).rejects.toThrow(message);
  });
});
