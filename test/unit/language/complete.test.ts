import { describe, expect, it } from 'vitest';
import { complete } from '../../../src/language/complete';
import { blockModel } from '../../support/lenet-facts';
import { marked } from '../../support/marked-text';

const head = 'model: lenet\ndataset: mnist\n';
const small = `${head}target: { flops: 0.5 }\n`;
const around = { model: blockModel, files: { models: ['./a.onnx'], folders: ['./photos'] } };

function labels(text: string): string[] {
  const { document, position } = marked(text);
  return complete(document, position, around).map(({ label }) => label);
}

describe('keys', () => {
  it.each<[string, string, string[]]>([
    ['of a target', `${head}target: {|}`, ['flops', 'params', 'bytes', 'sparsity', 'bits']],
    ['below their map', `${head}target:\n  |`, ['flops', 'params', 'bytes', 'sparsity', 'bits']],
    ['of which one is enough', `${head}target: { flops: 0.5, | }`, []],
    [
      'of the learner alone',
      `${head}target: { sparsity: 0.5 }\noptions: { |`,
      ['protocol', 'method', 'pattern', 'begin', 'end', 'exponent', 'frequency', 'samples', 'positions', 'recalibrate'],
    ],
    ['of a layer, as the learner reads them', `${head}layers:\n  conv1: { | }`, ['keep', 'skip']],
    ['that are layers', `${head}layers:\n  |`, ['conv1', 'block1/conv1', 'block1/conv2', 'fc', 'block1/*']],
    ['in quotes', `${head}layers:\n  "|"`, ['conv1', 'block1/conv1', 'block1/conv2', 'fc', 'block1/*']],
    ['in a comment', `${head}# |`, []],
    ['behind a comment sign', `${head}target: # |`, []],
    ['in the text of a scalar', `${head}training:\n  epochs: 3\n    |`, []],
    ['indented unlike the others', `${head}training:\n    epochs: 3\n  |`, []],
  ])('%s', (_, text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  it('required ones come first', () => {
    expect(labels('|').slice(0, 2)).toEqual(['model', 'dataset']);
  });

  it('that are there already are left out', () => {
    expect(labels(`${small}|`)).not.toContain('model');
  });

  it('that need another choice are left out', () => {
    expect(labels(`${small}training: { | }`)).not.toContain('milestones');
    expect(labels(`${small}training: { schedule: step, | }`)).toContain('milestones');
    expect(labels(`${small}training: { optimizer: adam, | }`)).not.toContain('momentum');
  });
});

describe('values', () => {
  it.each<[string, string, string[]]>([
    ['of a choice', `${head}training: { optimizer: | }`, ['sgd', 'adam', 'adamw']],
    ['of a list', `${head}output: { formats: [onnx, |] }`, ['tfjs', 'packed']],
    ['of a list on lines', `${head}output:\n  formats:\n    - |`, ['onnx', 'tfjs', 'packed']],
    ['that go with the rest', `${small}learner: |`, ['channel', 'dis-chn-pruned']],
    ['of a baseline', `${small}baseline: { mode: | }`, ['retrain']],
    ['that are shares', `${head}target: { flops: | }`, ['0.5']],
  ])('%s', (_, text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  it('are zoo names and model files', () => {
    expect(labels('model: |')).toEqual(expect.arrayContaining(['lenet', 'mobilenet-v2', './a.onnx']));
  });
});
