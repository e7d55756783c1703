import { describe, expect, it } from 'vitest';
import { readSource } from '../../../src/config/source';
import { ConfigDocument } from '../../../src/language/document';
import { seeded } from '../../support/seeded';
import { soundConfigs } from './support/configs';
import { LIMIT_MS, slowest } from './support/slowest';

type Mutation = (text: string, random: () => number) => string;

const index = (random: () => number, length: number): number => Math.min(Math.floor(random() * length), length - 1);
const pick = <T>(random: () => number, values: readonly T[]): T => values[index(random, values.length)];
const signs = [
  ':',
  ': ',
  '- ',
  '\n',
  '  ',
  '\t',
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  "'",
  '&a',
  '*a',
  '#',
  '|',
  '>',
  '?',
  '%',
];

const insert = (text: string, at: number, piece: string, over = 0): string =>
  text.slice(0, at) + piece + text.slice(at + over);
const shuffled = <T>(values: readonly T[], random: () => number): T[] =>
  values
    .map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value);

const mutations: Readonly<Record<string, Mutation>> = {
  truncated: (text, random) => text.slice(0, index(random, text.length)),
  beheaded: (text, random) => text.slice(index(random, text.length)),
  'lines shuffled': (text, random) => shuffled(text.split('\n'), random).join('\n'),
  'characters shuffled': (text, random) => shuffled([...text], random).join(''),
  'indented anew': (text, random) => text.replace(/^ */gm, () => ' '.repeat(index(random, 7))),
  'with signs strewn in': (text, random) => {
    for (let i = index(random, 6); i >= 0; i--)
      text = insert(text, index(random, text.length + 1), pick(random, signs));
    return text;
  },
  'with pieces taken out': (text, random) => insert(text, index(random, text.length), '', index(random, 40)),
  'with pieces doubled': (text, random) => {
    const from = index(random, text.length);
    return insert(text, index(random, text.length), text.slice(from, from + index(random, 80)));
  },
  binary: (text, random) => {
    const bytes = String.fromCharCode(...Array.from({ length: 40 }, () => index(random, 256)));
    return insert(text, index(random, text.length), bytes);
  },
  'other planes and lone surrogates': (text, random) =>
    insert(text, index(random, text.length), pick(random, ['\u{1f600}', '\ud800', '\udc00', '\u2028', '\uFEFF', '\0'])),
  'with anchors and aliases': (text, random) => {
    const names = ['&a ', '*a', '*b', '&b ', '<<: *a\n'];
    return text.replace(/: /g, (colon) => (random() < 0.3 ? `: ${pick(random, names)}` : colon));
  },
};

describe('no text makes an answer fail or late', () => {
  it.each(Object.entries(mutations).map(([name, mutate], i) => [name, mutate, i] as const))(
    '%s (200 documents)',
    (_, mutate, seed) => {
      const random = seeded(seed + 1);
      for (let i = 0; i < 200; i++) {
        const text = mutate(soundConfigs[i % soundConfigs.length] ?? '', random);
        const isYaml = readSource(text).problems.length === 0;
        expect(ConfigDocument.of(text).problems.length === 0, `YAML: ${JSON.stringify(text)}`).toBe(isYaml);
        // Each verb gets hundreds of the documents; all of them for each would take many seconds.
        const [took, verb] = slowest(text, [index(random, text.length + 1)], () => random() < 0.25);
        expect(took, `${verb} of ${JSON.stringify(text)}`).toBeLessThan(LIMIT_MS);
      }
    },
    60_000,
  );
});
