import { describe, expect, it } from 'vitest';
import { withCodebooks } from '../../../../src/engine/learners/non-uniform/codebooks';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { graphCost } from '../../../../src/engine/graph/cost';
import { nonUniformOptions } from '../../../../src/config/learners/non-uniform';
import { foldBatchNorms } from '../../../../src/engine/graph/edits/fold-batch-norms';
import { maskChannels } from '../../../../src/engine/graph/edits/mask-channels';
import { removeChannels } from '../../../../src/engine/graph/edits/remove-channels';
import { channelGroups } from '../../../../src/engine/graph/groups';
import { inputShape } from '../../../../src/engine/graph/graph';
import { Random } from '../../../../src/engine/graph/random';
import { size } from '../../../../src/engine/graph/shape';
import { couplingGraph, couplings } from '../../../support/coupling-graphs';
import { referenceOutput } from '../../../support/reference-forward';
import { seededNormal } from '../../../support/seeded';

const sampleFor = (graph: ReturnType<typeof couplingGraph>, seed: number) =>
  Float32Array.from({ length: size(inputShape(graph)) }, seededNormal(seed));

describe.each(Object.keys(couplings))('%s', (name) => {
  it.each([1, 2, 3])('computes without the removed channels what it does with them masked (draw %i)', (seed) => {
    const graph = couplingGraph(name, seed);
    const groups = channelGroups(graph);
    const random = new Random(seed);
    const kept = new Map(
      groups.map((group) => {
        const units = random.shuffle(group.units.map((_, index) => index));
        return [group.id, units.slice(0, 1 + random.int(units.length)).sort((a, b) => a - b)];
      }),
    );
    const removed = removeChannels(graph, groups, kept);
    const masked = maskChannels(graph, groups, kept);
    const sample = sampleFor(graph, seed);
    const expected = referenceOutput(masked, sample);
    referenceOutput(removed, sample).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    const removes = groups.some((group) => (kept.get(group.id)?.length ?? 0) < group.units.length);
    if (removes) expect(graphCost(removed).total.params).toBeLessThan(graphCost(graph).total.params);
  });

  it('computes the same with its batch norms folded', () => {
    const graph = couplingGraph(name);
    const folded = foldBatchNorms(graph);
    const sample = sampleFor(graph, 9);
    const expected = referenceOutput(graph, sample);
    referenceOutput(folded, sample).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
  });
});

describe('channelGroups', () => {
  const summary = (name: string) =>
    channelGroups(couplingGraph(name)).map(({ id, units, consumers, residual }) => [
      id,
      units.length,
      consumers.join(' '),
      residual,
    ]);

  it('ties what a residual addition ties', () => {
    expect(summary('a residual addition')).toEqual([
      ['stem', 6, 'block/conv1 fc', true],
      ['block/conv1', 5, 'block/conv2', false],
    ]);
  });

  it('splits a padded trunk into the parts that live equally long', () => {
    expect(summary('a shortcut of slice and channel padding')).toEqual([
      ['stem', 4, 'block0/conv1 block1/conv1 fc', true],
      ['block0/conv1', 8, 'block0/conv2', false],
      ['block0/conv2', 4, 'block1/conv1 fc', true],
      ['block1/conv1', 12, 'block1/conv2', false],
      ['block1/conv2', 4, 'fc', true],
    ]);
  });

  it('takes the same offset from all groups of a grouped convolution', () => {
    expect(summary('grouped convolution')).toEqual([
      ['a', 2, 'g', false],
      ['g', 3, 'c', false],
      ['c', 4, 'fc', false],
    ]);
  });

  it('counts a depthwise layer among the producers', () => {
    const [first] = channelGroups(couplingGraph('depthwise convolution with a multiplier'));
    expect(first.producers).toEqual(['a', 'dw']);
    expect(first.units[1].channels.get('dw')).toEqual([2, 3]);
  });

  it('gives every part of a concatenation its own group, read by all later layers', () => {
    expect(summary('concatenation, densely connected')).toEqual([
      ['stem', 4, 'grow0 grow1 grow2 fc', false],
      ['grow0', 3, 'grow1 grow2 fc', false],
      ['grow1', 3, 'grow2 fc', false],
      ['grow2', 3, 'fc', false],
    ]);
  });

  it('follows channels through reshapes that keep them whole', () => {
    expect(summary('reshape of an image into a vector and back')).toEqual([
      ['a', 6, 'd', false],
      ['d', 6, 'c', false],
      ['c', 4, 'fc', false],
    ]);
  });

  it('locks channels that a reshape tears up', () => {
    const b = new GraphBuilder('g');
    const a = b.conv2d(b.input([4, 4, 3]), { name: 'a', filters: 6, kernel: 1 });
    const torn = b.conv2d(b.reshape(a, [4, 6, 4]), { name: 'b', filters: 5, kernel: 1 });
    const graph = b.build(b.dense(b.globalAvgPool(torn), { name: 'fc', units: 2 }));
    expect(channelGroups(graph).map(({ id }) => id)).toEqual(['b']);
  });

  it('never offers the channels of the output', () => {
    for (const name of Object.keys(couplings)) {
      for (const group of channelGroups(couplingGraph(name))) expect(group.producers).not.toContain('fc');
    }
  });

  it('names groups apart that begin in one layer', () => {
    expect(channelGroups(couplingGraph('a channel slice')).map((group) => group.id)).toEqual(['a', 'a#2', 'l', 'm']);
  });

  it('takes no id that is the name of another layer', () => {
    const b = new GraphBuilder('g');
    const a = b.conv2d(b.input([4, 4, 3]), { name: 'a', filters: 6, kernel: 1 });
    const left = b.conv2d(b.slice(a, { end: [4, 4, 3] }), { name: 'a#2', filters: 4, kernel: 1 });
    const joined = b.concat([left, b.slice(a, { begin: [0, 0, 3] })]);
    const graph = b.build(b.dense(b.globalAvgPool(joined), { name: 'fc', units: 2 }));
    expect(channelGroups(graph).map(({ id }) => id)).toEqual(['a', 'a#3', 'a#2']);
  });
});

describe('removeChannels', () => {
  const graph = couplingGraph('a residual addition');
  const groups = channelGroups(graph);

  it.each([
    [new Map([['stem', []]]), /node "stem": all its channels would be removed/],
    [new Map([['nobody', [0]]]), /there is no channel group "nobody"/],
    [new Map([['stem', [0, 99]]]), /group "stem" has no unit 99/],
  ])('refuses %o', (kept, message) => {
    expect(() => removeChannels(graph, groups, kept)).toThrow(message);
  });

  it('leaves the graph it was given as it was', () => {
    const before = graphCost(graph).total;
    removeChannels(graph, groups, new Map([['stem', [0]]]));
    expect(graphCost(graph).total).toEqual(before);
  });
});

describe('foldBatchNorms', () => {
  it('leaves a batch norm alone whose layer is read by others too', () => {
    const b = new GraphBuilder('g');
    const conv = b.conv2d(b.input([4, 4, 3]), { name: 'conv', filters: 3, kernel: 1 });
    const sum = b.add(b.batchNorm(conv, { name: 'bn' }), conv);
    const graph = b.build(b.batchNorm(b.dense(b.globalAvgPool(sum), { name: 'fc', units: 2 }), { name: 'fc/bn' }));
    const folded = foldBatchNorms(graph);
    expect(folded.nodes.filter(({ kind }) => kind === 'batchNorm').map(({ name }) => name)).toEqual(['bn']);
    expect(folded.output).toBe('fc');
  });

  it('leaves a quantized weight alone, which would leave its grid', () => {
    const b = new GraphBuilder('g');
    const conv = b.conv2d(b.input([4, 4, 3]), { name: 'conv', filters: 3, kernel: 1 });
    const graph = b.build(b.batchNorm(conv, { name: 'bn' }));
    const quantized = withCodebooks(graph, new Map([['conv', 2]]), nonUniformOptions.parse({}), 1);
    expect(foldBatchNorms(quantized)).toEqual(quantized);
  });
});

describe('inferShapes', () => {
  const build = (use: (b: GraphBuilder, x: string) => string) => {
    const b = new GraphBuilder('g');
    return () => b.build(use(b, b.input([8, 8, 4])));
  };

  it.each([
    [
      build((b, x) => b.add(x, b.conv2d(x, { name: 'c', filters: 3, kernel: 1 }), 'sum')),
      /node "sum": adds \[8, 8, 4\] and/,
    ],
    [build((b, x) => b.dense(x, { name: 'fc', units: 2 })), /node "fc": .*flatten/],
    [build((b, x) => b.conv2d(x, { name: 'c', filters: 3, kernel: 9 })), /node "c": its window spans 9/],
    [build((b, x) => b.conv2d(x, { name: 'c', filters: 3, kernel: 1, groups: 3 })), /node "c": 3 groups don't divide/],
    [build((b, x) => b.reshape(x, [5], 'r')), /node "r": can't turn/],
    [build((b, x) => b.slice(x, { end: [9, 8, 4] }, 's')), /node "s": slices \[0, 9\)/],
  ])('names the node that does not fit (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
