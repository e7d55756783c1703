import { configJsonSchema } from './json-schema';
import { learnerIds } from './learners';
import { builtinDatasets, zooNames } from './schema';

/** Keys whose numbers in [0, 1] are shares of a whole. */
const RATIO_KEYS = ['flops', 'params', 'bytes', 'sparsity', 'keep'];
/** What may follow a value, so that `lenet.onnx` is no `lenet`. */
const VALUE_ENDS = String.raw`(?=\s*(?:$|[,}#]))`;

/** TextMate grammar of `.pocketflow.yaml`: YAML, with the language's own words coloured where they mean something. */
export function configGrammar() {
  return {
    name: 'PocketFlow',
    scopeName: 'source.pocketflow',
    patterns: [{ include: 'source.yaml' }],
    injections: {
      'L:source.pocketflow meta.map.key, L:source.pocketflow meta.flow.map.key': { patterns: [{ include: '#key' }] },
      'L:source.pocketflow -comment -string.quoted': {
        patterns: [{ include: '#learner' }, { include: '#name' }, { include: '#ratio' }],
      },
    },
    repository: {
      key: {
        match: String.raw`(?<![\w./*-])(?:${anyOf(keysOf(configJsonSchema()))})(?=\s*:)`,
        name: 'support.type.property-name.pocketflow',
      },
      learner: value(['learner'], anyOf(learnerIds), 'support.function.learner.pocketflow'),
      name: value(
        ['model', 'zoo', 'dataset', 'name'],
        anyOf([...zooNames, ...builtinDatasets]),
        'support.class.name.pocketflow',
      ),
      ratio: value(RATIO_KEYS, String.raw`0?\.\d+|1(?:\.0+)?`, 'constant.numeric.ratio.pocketflow'),
    },
  };
}

/** A rule for what stands behind one of the keys. */
function value(keys: readonly string[], pattern: string, name: string) {
  return {
    match: String.raw`(?<=\b(?:${anyOf(keys)}):)\s+(${pattern})${VALUE_ENDS}`,
    captures: { 1: { name } },
  };
}

function anyOf(words: readonly string[]): string {
  return [...new Set(words)].sort().join('|');
}

/** Every key that the schema has anywhere. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema && schema.properties ? Object.keys(schema.properties) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}
