import { expect, it } from 'vitest';
import { ruleFor, unmatchedPatterns } from '../../../src/config/layer-patterns';

const names = ['conv1', 'layer1/0/conv1', 'layer1/0/conv2', 'layer2/0/conv1', 'fc', 'odd[0].conv'];

function hits(pattern: string): string[] {
  return names.filter((name) => ruleFor([{ pattern, keep: 0.5 }], name).keep === 0.5);
}

it('* stays within one part of a name, ** does not', () => {
  expect(hits('layer1/*')).toEqual([]);
  expect(hits('layer1/*/conv1')).toEqual(['layer1/0/conv1']);
  expect(hits('layer1/**')).toEqual(['layer1/0/conv1', 'layer1/0/conv2']);
  expect(hits('**/conv1')).toEqual(['conv1', 'layer1/0/conv1', 'layer2/0/conv1']);
  expect(hits('conv?')).toEqual(['conv1']);
});

it('a name is taken as it is, whatever characters it has', () => {
  expect(hits('odd[0].conv')).toEqual(['odd[0].conv']);
});

it('later rules win, field by field', () => {
  const rules = [
    { pattern: '**', keep: 0.5 },
    { pattern: 'fc', skip: true },
    { pattern: 'conv1', keep: 0.9 },
  ];
  expect(ruleFor(rules, 'fc')).toEqual({ keep: 0.5, skip: true });
  expect(ruleFor(rules, 'conv1')).toEqual({ keep: 0.9 });
});

it('a layer that no rule matches has no settings', () => {
  expect(ruleFor([{ pattern: 'conv1', skip: true }], 'fc')).toEqual({});
});

it('names the patterns that match nothing', () => {
  expect(unmatchedPatterns([{ pattern: 'cnov1' }, { pattern: 'fc' }], names)).toEqual(['cnov1']);
});
