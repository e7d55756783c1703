import { expect, it } from 'vitest';
import type { MarkupContent } from 'vscode-languageserver-types';
import { hover } from '../../../src/language/hover';
import { blockModel } from '../../support/lenet-facts';
import { marked } from '../../support/marked-text';

const head = 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n';

it.each<[string, string, RegExp]>([
  ['a range', `${head}training: { learn|ingRate: 0.1 }`, /number in \(0, 10\]/],
  ['the default that the model calls for', `${head}training: { learn|ingRate: 0.1 }`, /Default: `0.005`/],
  ['the size of the model', 'mo|del: lenet', /10.3 M FLOPs/],
  ['what a target comes to', 'model: lenet\ndataset: mnist\ntarget: { fl|ops: 0.5 }', /At most 5.16 M FLOPs/],
  ['a layer', `${head}layers: { fc|: { skip: true } }`, /dense, output 10/],
  ['a pattern', `${head}layers: { "block1/|*": { keep: 0.5 } }`, /2 layers: .*91.4 % of the model/s],
  ['that a layer is not there', `${head}layers: { cnov|1: { keep: 0.5 } }`, /No layer of `blocks`/],
])('tells %s', (_, text, expected) => {
  const { document, position } = marked(text);
  const contents = hover(document, position, { model: blockModel })?.contents as MarkupContent | undefined;
  expect(contents?.value).toMatch(expected);
});

it('says nothing of a comment', () => {
  const { document, position } = marked(`${head}# com|ment`);
  expect(hover(document, position)).toBeUndefined();
});
