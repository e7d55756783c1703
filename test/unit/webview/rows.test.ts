import { describe, expect, it } from 'vitest';
import { layerMetrics } from '../../../src/runs/layer-metrics';
import { chosenRows, type Sort } from '../../../webview/layers/rows';
import { lenetLayers } from '../../support/journals';

const rows = lenetLayers([0.5, 0.25, 0.75]).map((fact) => ({ fact }));
const names = (filter: string, sort: Sort): string[] =>
  chosenRows(rows, filter, sort, ({ fact }) => layerMetrics.kept.left(fact)).map(({ fact }) => fact.name);

describe('the rows of the layer panel', () => {
  it.each([
    ['model', false, ['conv1', 'conv2', 'fc3', 'fc4']],
    ['name', true, ['fc4', 'fc3', 'conv2', 'conv1']],
    ['left', false, ['conv2', 'conv1', 'fc3', 'fc4']],
    ['params', true, ['fc3', 'conv2', 'fc4', 'conv1']],
  ] as const)('are in the order of %s, descending: %s', (key, descending, expected) => {
    expect(names('', { key, descending })).toEqual(expected);
  });

  it('are those that hold every word, in name or kind', () => {
    const sort = { key: 'model', descending: false } as const;
    expect(names('CONV', sort)).toEqual(['conv1', 'conv2']);
    expect(names('dense 3', sort)).toEqual(['fc3']);
    expect(names('nothing', sort)).toEqual([]);
  });
});
