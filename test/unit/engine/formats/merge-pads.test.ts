import { describe, expect, it } from 'vitest';
import { mergePads } from '../../../../src/engine/formats/merge-pads';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { size } from '../../../../src/engine/graph/shape';
import { referenceOutput } from '../../../support/reference-forward';
import { seededNormal } from '../../../support/seeded';

const shape = [6, 5, 4];
const uneven = { top: 0, bottom: 1, left: 1, right: 0 };
const sides = [
  [1, 0],
  [0, 2],
  [0, 0],
] as const;

type Build = (b: GraphBuilder, x: string) => string;
function merged(build: Build) {
  const b = new GraphBuilder('net', 1);
  const graph = b.build(build(b, b.input(shape)));
  const sample = Float32Array.from({ length: size(shape) }, seededNormal(2));
  const result = mergePads(graph);
  expect([...referenceOutput(result, sample)]).toEqual([...referenceOutput(graph, sample)]);
  return result.nodes.map(({ kind }) => kind);
}

describe('mergePads', () => {
  it('adds the pad to what the convolution pads itself', () => {
    const build: Build = (b, x) => b.conv2d(b.pad(x, sides), { name: 'c', filters: 3, kernel: 3, padding: uneven });
    expect(merged(build)).toEqual(['input', 'conv2d']);
  });

  it('keeps a pad that something else reads', () => {
    const build: Build = (b, x) => {
      const pad = b.pad(x, sides);
      return b.add(b.depthwiseConv2d(pad, { name: 'd', kernel: 1 }), pad);
    };
    expect(merged(build)).toEqual(['input', 'pad', 'depthwiseConv2d', 'add']);
  });

  it('merges into a max pool only where nothing is below zero', () => {
    const pool: Build = (b, x) => b.maxPool(b.pad(x, sides), { size: 3, strides: 2 });
    expect(merged((b, x) => pool(b, b.relu(x)))).toEqual(['input', 'relu', 'maxPool']);
    expect(merged(pool)).toEqual(['input', 'pad', 'maxPool']);
  });

  it('leaves channel padding alone', () => {
    const build: Build = (b, x) =>
      b.conv2d(
        b.pad(x, [
          [1, 1],
          [1, 1],
          [1, 0],
        ]),
        { name: 'c', filters: 3, kernel: 3 },
      );
    expect(merged(build)).toEqual(['input', 'pad', 'conv2d']);
  });
});
