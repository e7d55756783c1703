import { describe, expect, it } from 'vitest';
import type { ZooName } from '../../../../src/config/schema';
import { graphCost } from '../../../../src/engine/graph/cost';
import { channelGroups } from '../../../../src/engine/graph/groups';
import { buildZooModel } from '../../../../src/engine/zoo/zoo';

describe('buildZooModel', () => {
  // Parameters and multiply-adds as published, in millions.
  it.each<[ZooName, number, number, number, number, number]>([
    ['resnet20', 32, 10, 1, 0.27, 40.55],
    ['resnet32', 32, 10, 1, 0.46, 68.86],
    ['resnet44', 32, 10, 1, 0.66, 97.17],
    ['resnet56', 32, 10, 1, 0.85, 125.49],
    ['resnet18', 224, 1000, 1, 11.69, 1814],
    ['resnet34', 224, 1000, 1, 21.8, 3664],
    ['resnet50', 224, 1000, 1, 25.56, 4089],
    ['mobilenet-v1', 224, 1000, 1, 4.23, 569],
    ['mobilenet-v1', 128, 1000, 0.25, 0.47, 13.6],
    ['mobilenet-v2', 224, 1000, 1, 3.5, 301],
    ['mobilenet-v2', 224, 1000, 0.35, 1.68, 59],
  ])('%s at %i px, %i classes, width %f', (name, resolution, classes, width, params, macs) => {
    const graph = buildZooModel(name, { inputShape: [resolution, resolution, 3], classes, width, seed: 0 });
    const { total } = graphCost(graph);
    expect(total.params / 1e6 / params).toBeCloseTo(1, 1.7);
    expect(total.macs / 1e6 / macs).toBeCloseTo(1, 1.7);
  });

  it('gives the same weights for the same seed only', () => {
    const make = (seed: number) => {
      const fc = buildZooModel('lenet', { inputShape: [28, 28, 1], classes: 10, seed }).nodes.at(-1);
      return fc?.kind === 'dense' ? [...fc.params.weight.data] : [];
    };
    expect(make(3)).toEqual(make(3));
    expect(make(3)).not.toEqual(make(4));
  });

  it('says which layer finds the image too small', () => {
    expect(() => buildZooModel('lenet', { inputShape: [2, 2, 1], classes: 10, seed: 0 })).toThrow(/node "conv2\/pool"/);
  });

  it('groups the channels of a large net quickly', () => {
    const graph = buildZooModel('resnet50', { inputShape: [224, 224, 3], classes: 1000, seed: 0 });
    const groups = channelGroups(graph);
    // 16 blocks with two inner widths each, the stem, and one trunk for each of the four stages
    expect(groups).toHaveLength(37);
  });
});
