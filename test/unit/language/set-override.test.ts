import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/parse';
import { setOverride } from '../../../src/language/set-override';

function edited(text: string, layer: string, key: string, value: number | undefined): string {
  const change = setOverride(text, layer, key, value);
  return change ? text.slice(0, change.start) + change.text + text.slice(change.end) : text;
}

const head = '# Mine\nmodel:   lenet # the small one\ndataset: mnist\ntarget: { flops: 0.5 }\n';
const layers = `${head}layers:\n    # first\n    conv1: { keep: 0.5 }   # by hand\n    "fc*":\n        keep: 0.75\noutput: { directory: out }\n`;

describe('an override that is written into a config', () => {
  it.each([
    ['in place of the old value', layers, 'conv1', 0.25, layers.replace('keep: 0.5 ', 'keep: 0.25 ')],
    ['in a block', layers, 'fc*', 0.3, layers.replace('0.75', '0.3')],
    [
      'on a line of its own',
      layers,
      'conv2',
      0.4,
      layers.replace('keep: 0.75\n', 'keep: 0.75\n    conv2: { keep: 0.4 }\n'),
    ],
    ['in a new block', head, 'conv1', 0.4, `${head}layers:\n  conv1: { keep: 0.4 }\n`],
    ['under a quoted name', head, 'a b: c', 0.4, `${head}layers:\n  "a b: c": { keep: 0.4 }\n`],
    [
      'at the end of a text without a last line end',
      `${head}layers:\n  a: { keep: 1 } # x`,
      'b',
      0.4,
      `${head}layers:\n  a: { keep: 1 } # x\n  b: { keep: 0.4 }`,
    ],
    [
      'in a list in braces',
      'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\nlayers: { a: { keep: 1 } } # x\n',
      'b',
      0.4,
      'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\nlayers: { a: { keep: 1 }, b: { keep: 0.4 } } # x\n',
    ],
    ['in an empty list', `${head}layers: {}\n`, 'b', 0.4, `${head.replace('   ', ' ')}layers: { b: { keep: 0.4 } }\n`],
    [
      'beside other keys',
      `${head}layers:\n  conv1: { skip: false } # why\n`,
      'conv1',
      0.4,
      `${head}layers:\n  conv1: { skip: false, keep: 0.4 } # why\n`,
    ],
  ])('stands %s', (_, text, layer, value, expected) => {
    const after = edited(text, layer, 'keep', value);
    expect(after).toBe(expected);
    expect(parseConfig(after).problems).toEqual([]);
  });

  it('is taken out with what is empty without it', () => {
    expect(edited(`${head}layers:\n  conv1: { keep: 0.4 }\n`, 'conv1', 'keep', undefined)).not.toContain('layers');
    const kept = edited(layers, 'conv1', 'keep', undefined);
    expect(kept).toContain('"fc*"');
    expect(kept).not.toContain('conv1');
  });

  it.each(['model: [', '- a', ''])('is not written into %j', (text) => {
    expect(setOverride(text, 'conv1', 'keep', 0.5)).toBeUndefined();
  });
});
