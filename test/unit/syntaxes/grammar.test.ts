import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../../src/config/json-schema';
import { learnerIds } from '../../../src/config/learners';
import { builtinDatasets, zooNames } from '../../../src/config/schema';
import grammar from '../../../syntaxes/pocketflow.tmLanguage.json';

/** Every key that the schema has anywhere. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema && schema.properties ? Object.keys(schema.properties) : [];
  return [...new Set([...own, ...Object.values(schema).flatMap(keysOf)])];
}

/** What a rule colours of a line. */
function coloured(rule: keyof typeof grammar.repository, line: string): string | undefined {
  return new RegExp(grammar.repository[rule].match).exec(line)?.at(-1);
}

describe('the grammar', () => {
  it.each(keysOf(configJsonSchema()))('knows the key %s', (key) => {
    expect(coloured('key', `  { ${key}: 1 }`)).toBe(key);
  });

  it.each(learnerIds)('knows the learner %s', (learner) => {
    expect(coloured('learner', `  - learner: ${learner} # comment`)).toBe(learner);
  });

  it.each(zooNames)('knows the model %s', (name) => {
    expect(coloured('name', `model: ${name}`)).toBe(name);
    expect(coloured('name', `model: { zoo: ${name}, width: 1 }`)).toBe(name);
  });

  it.each(builtinDatasets)('knows the data set %s', (name) => {
    expect(coloured('name', `dataset: ${name}`)).toBe(name);
  });

  it('leaves what merely begins like a known name', () => {
    expect(coloured('name', 'model: lenet.onnx')).toBeUndefined();
    expect(coloured('learner', 'learner: channels')).toBeUndefined();
    expect(coloured('key', 'models: 1')).toBeUndefined();
    expect(coloured('key', 'layer1/model: 1')).toBeUndefined();
  });

  it('tells ratios from other numbers', () => {
    expect(coloured('ratio', 'target: { flops: 0.5 }')).toBe('0.5');
    expect(coloured('ratio', 'target: { flops: 50 }')).toBeUndefined();
    expect(coloured('ratio', 'training: { epochs: 0.5 }')).toBeUndefined();
  });
});
