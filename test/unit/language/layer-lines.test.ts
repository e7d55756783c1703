import { expect, it } from 'vitest';
import { layerLines } from '../../../src/language/layer-lines';

it('finds each entry under layers, and the key itself', () => {
  const text = 'model: lenet # x\nlayers:\n  # first\n  conv1: { skip: true }\n  "fc*":\n    keep: 0.5\n';
  expect(layerLines(text)).toEqual({
    lines: [
      { line: 3, patterns: ['conv1'] },
      { line: 4, patterns: ['fc*'] },
    ],
    summary: 1,
  });
});

it('takes entries on one line together', () => {
  const text = 'layers: { conv1: { keep: 0.5 }, conv2: { keep: 0.6 } }';
  expect(layerLines(text).lines).toEqual([{ line: 0, patterns: ['conv1', 'conv2'] }]);
});

it.each([
  ['model: lenet\ntarget: { flops: 0.5 }\n', 1],
  ['model: lenet\nstages:\n  - learner: channel\n', 1],
  ['model: lenet\n', 0],
  ['- not a config', undefined],
  ['', undefined],
])('speaks of all layers where there is no list of them: %j', (text, summary) => {
  expect(layerLines(text)).toEqual({ lines: [], summary });
});

it('makes out what it can of a text that is being written', () => {
  expect(layerLines('layers:\n  conv1: { keep: 0.5 }\n  conv2: {').lines[0]).toEqual({ line: 1, patterns: ['conv1'] });
});
