import { describe, expect, it } from 'vitest';
import type { LayerFact } from '../../../src/runs/events';
import { meanLeft, overallFacts, tellingMetric } from '../../../src/runs/layer-metrics';

const layer = (name: string, values: Partial<LayerFact> = {}): LayerFact => ({
  name,
  kind: 'conv2d',
  channels: [10, 10],
  flops: [100, 100],
  params: [10, 10],
  sparsity: 0,
  ...values,
});

describe('the metric that tells most', () => {
  it.each([
    ['kept', { channels: [10, 5] }],
    ['sparsity', { sparsity: 0.6, channels: [10, 5] }],
    ['bits', { sparsity: 0.6, bits: { weights: 4 } }],
  ] as const)('is %s', (metric, values) => {
    expect(tellingMetric([layer('a', values as Partial<LayerFact>), layer('b')].slice(0, 1))).toBe(metric);
  });
});

describe('what is left of several layers', () => {
  it('counts each by its weights', () => {
    const facts = [layer('a', { channels: [10, 5], params: [30, 15] }), layer('b')];
    expect(meanLeft(facts, 'kept')).toBeCloseTo((0.5 * 30 + 1 * 10) / 40);
  });

  it('is not said of layers without bits', () => {
    expect(meanLeft([layer('a')], 'bits')).toBeUndefined();
  });
});

describe('what all stages have done', () => {
  it('compares the first model with the last', () => {
    const pruned = layer('a', { channels: [10, 5], flops: [100, 50], params: [10, 5] });
    const quantized = layer('a', { channels: [5, 5], flops: [50, 50], params: [5, 5], bits: { weights: 8 } });
    const stages = new Map([
      [1, [quantized]],
      [0, [pruned]],
    ]);
    expect(overallFacts(stages)).toEqual([{ ...pruned, bits: { weights: 8 } }]);
  });

  it('keeps the bits where a later stage says nothing of them', () => {
    const stages = new Map([
      [0, [layer('a', { bits: { weights: 8 } })]],
      [1, [layer('a')]],
    ]);
    expect(overallFacts(stages)[0]?.bits).toEqual({ weights: 8 });
  });
});
