import { describe, expect, it } from 'vitest';
import { soundConfigs } from './support/configs';
import { LIMIT_MS, slowest } from './support/slowest';

describe('no text is too long or too deep', () => {
  const long = 1_000_000;
  const small = soundConfigs[0] ?? '';
  it.each<[string, string]>([
    ['nested brackets', `${small}layers: ${'['.repeat(5000)}`],
    ['nested brackets that close', `${small}layers: ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['nested braces', `${small}layers: ${'{a: '.repeat(5000)}`],
    ['nested braces that close', `${small}layers: ${'{a: '.repeat(3000)}${'}'.repeat(3000)}`],
    ['nested dashes', `${'- '.repeat(3000)}a`],
    ['nested dashes below a key', `stages:\n  ${'- '.repeat(3000)}a`],
    ['a line of letters', `model: ${'x'.repeat(long)}`],
    ['a key of letters', `${'x'.repeat(long)}: 1`],
    ['a line of spaces', `model: ${' '.repeat(long)}lenet`],
    ['a line of colons', ':'.repeat(long)],
    ['a line of colons and spaces', ': '.repeat(long / 2)],
    ['a line of quotes', `model: ${'"'.repeat(long)}`],
    ['a line of backslashes', `model: "${'\\'.repeat(long)}`],
    ['a line of sharps', `model: ${'#'.repeat(long)}`],
    ['a line of sharps apart', `model: ${' #'.repeat(long / 2)}`],
    ['a line of brackets', `model: ${'[]'.repeat(long / 2)}`],
    ['a line of commas', `layers: {${','.repeat(long)}}`],
    ['a list on one line', `output: { formats: [${'onnx, '.repeat(long / 6)}] }`],
    ['blank lines', '\n'.repeat(190_000)],
    ['blank lines with spaces', ' \n'.repeat(95_000)],
    ['a line of more than a million letters', `model: ${'x'.repeat(1_100_000)}`],
    ['more than a million brackets', '['.repeat(1_100_000)],
    ['more than a million characters on lines', 'a: 1\n'.repeat(250_000)],
    [
      'aliases of aliases',
      Array.from(
        { length: 30 },
        (_, i) =>
          `a${i}: &a${i} [${
            i === 0
              ? '1'
              : Array(9)
                  .fill(`*a${i - 1}`)
                  .join(', ')
          }]\n`,
      ).join(''),
    ],
    ['an alias of itself', `${small}training: &a { epochs: *a }\nlayers: &b { x: *b }\n`],
    ['two aliases in a ring', 'model: &a { x: *b }\ndataset: &b { y: *a }\n'],
    ['a merge of itself', `${small}layers: &a\n  <<: *a\n`],
    ['nothing', ''],
    ['a zero', '\0'],
    ['keys of the prototype', `${small}__proto__: { a: 1 }\nconstructor: { prototype: 1 }\ntoString: 1\n`],
    ['maps as keys', '? { a: b }\n: c\n? [x]\n: y\n'],
    ['tags', `${small}layers: !!set { a, b }\ntraining: !!omap [a: 1]\nx: !!binary aGVsbG8=\n`],
  ])(
    '%s',
    (_, text) => {
      const offsets = [0, Math.floor(text.length / 2), text.length];
      const [took, verb] = slowest(text, offsets);
      expect(took, verb).toBeLessThan(LIMIT_MS);
    },
    60_000,
  );
});
