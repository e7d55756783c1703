import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { graphCost } from '../../../../src/engine/graph/cost';
import { withParameters, type Graph } from '../../../../src/engine/graph/graph';

function graph(): Graph {
  const b = new GraphBuilder('g');
  let x = b.input([8, 6, 4]);
  x = b.conv2d(x, { name: 'grouped', filters: 6, kernel: 3, strides: 2, padding: 'same', groups: 2, bias: false });
  x = b.batchNorm(x, { name: 'bn' });
  x = b.depthwiseConv2d(x, { name: 'depthwise', kernel: [3, 1], multiplier: 2 });
  return b.build(b.dense(b.flatten(x), { name: 'fc', units: 5 }));
}

describe('graphCost', () => {
  it('counts each weight once a position, and only convolutions and dense layers', () => {
    const { layers, total } = graphCost(graph());
    expect(
      layers.map(({ name, shape, macs, flops, params, bytes }) => [name, shape, macs, flops, params, bytes]),
    ).toEqual([
      // 4 x 3 positions of 6 filters over 3 x 3 x 2; no bias
      ['grouped', [4, 3, 6], 12 * 108, 24 * 108, 108, 432],
      // gamma and beta are trained; mean and variance are stored beside them
      ['bn', [4, 3, 6], 0, 0, 12, 96],
      // 2 x 3 positions of 12 filters over 3 x 1, and 12 biases
      ['depthwise', [2, 3, 12], 6 * 36, 12 * 36, 48, 192],
      ['fc', [5], 72 * 5, 2 * 72 * 5, 365, 1460],
    ]);
    expect(total).toMatchObject({ macs: 1872, flops: 3744, params: 533, bytes: 2180 });
  });

  it('tells zero parameters from the others, also after they have changed', () => {
    const before = graph();
    const nonzero = (of: Graph) => graphCost(of).layers.find(({ name }) => name === 'fc')?.nonzero;
    // fresh biases are zero
    expect(nonzero(before)).toBe(360);
    const sparse = { shape: [72, 5], data: Float32Array.from({ length: 360 }, (_, i) => (i % 4 === 0 ? 1 : 0)) };
    expect(nonzero(withParameters(before, new Map([['fc/weight', sparse]])))).toBe(90);
    expect(nonzero(before)).toBe(360);
  });
});
