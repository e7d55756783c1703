import { describe, expect, it } from 'vitest';
import { layersView, wishesOf } from '../../../../src/extension/layers/layers-view';
import { layersView as schema } from '../../../../src/protocol/webview-layers';
import { lenetLayers } from '../../../support/journals';

const head = 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n';

describe('what a config asks of layers', () => {
  it('is said with the keys of its learners', () => {
    expect(wishesOf(head)?.writable).toEqual(['keep']);
    expect(wishesOf(head.replace('flops', 'sparsity') + 'learner: weight-sparse\n')?.writable).toEqual(['sparsity']);
  });

  it('is not known while it is broken', () => {
    expect(wishesOf(`${head}layers: {`)).toBeUndefined();
  });
});

describe('what the layer panel shows', () => {
  it('is each layer with what all entries that match it say', () => {
    const wishes = wishesOf(`${head}layers:\n  "conv*": { keep: 0.5 }\n  conv2: { skip: true }\n`)!;
    const view = layersView('lenet', 'finished', lenetLayers([0.5, 0.5, 0.5]), wishes);
    expect(schema.parse(view).layers.map(({ override }) => override)).toEqual([
      { keep: 0.5 },
      { keep: 0.5, skip: true },
      undefined,
      undefined,
    ]);
  });
});
