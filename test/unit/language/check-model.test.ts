import { describe, expect, it } from 'vitest';
import type { DiagnosticCode } from '../../../src/config/diagnostic-codes';
import { diagnose } from '../../../src/language/diagnose';
import { ConfigDocument } from '../../../src/language/document';
import { quickFixes } from '../../../src/language/quick-fixes';
import type { Outlook, Surroundings } from '../../../src/language/surroundings';
import { blockModel } from '../../support/lenet-facts';
import { applied } from './support/applied';

const config = 'model: lenet\ndataset: mnist\ntarget: { flops: 0.1 }\n';
const size = { flops: 1, params: 1, bytes: 1 };
const outlook = (stage: Outlook['stages'][number]): Surroundings => ({
  model: blockModel,
  outlook: { stages: [stage] },
});
const reachable = outlook({ before: size, after: size });

type Case = readonly [text: string, around: Surroundings];

/** For each code that a look at the model raises, a config that raises it, and the nearest one that does not. */
const cases: Partial<Record<DiagnosticCode, readonly [wrong: Case, right: Case]>> = {
  'unknown-layer': [
    [`${config}layers: { cnov1: { keep: 0.5 } }\n`, reachable],
    [`${config}layers: { conv1: { keep: 0.5 } }\n`, reachable],
  ],
  'overridden-layer': [
    [`${config}layers:\n  conv1: { keep: 0.5 }\n  "*": { keep: 0.6 }\n`, reachable],
    [`${config}layers:\n  "*": { keep: 0.6 }\n  conv1: { keep: 0.5 }\n`, reachable],
  ],
  'unreachable-target': [
    [config, outlook({ problem: 'too small', hint: 'the smallest model keeps 0.2', reachable: 0.2 })],
    [config, reachable],
  ],
  'impossible-stage': [
    [config, outlook({ problem: 'there is nothing to remove' })],
    [config, reachable],
  ],
};

describe.each(Object.entries(cases))('%s', (code, [wrong, right]) => {
  it('is raised, and alone', () => {
    expect(diagnose(ConfigDocument.of(wrong[0]), wrong[1]).map((found) => found.code)).toEqual([code]);
  });
  it('is not raised beside it', () => {
    expect(diagnose(ConfigDocument.of(right[0]), right[1])).toEqual([]);
  });
});

it('without a model nothing is said of its layers', () => {
  expect(diagnose(ConfigDocument.of(`${config}layers: { cnov1: { keep: 0.5 } }\n`))).toEqual([]);
});

it('a target is mended to what can be reached', () => {
  const document = ConfigDocument.of(config);
  const around = outlook({ problem: 'too small', reachable: 0.2 });
  const [fix] = quickFixes(document, document.range({ start: 0, end: config.length }), around);
  expect(fix && applied(document, fix)).toBe(config.replace('0.1', '0.2'));
});

it('a pattern is right in the place of several layers, and one for none is not', () => {
  const codes = (pattern: string) =>
    diagnose(ConfigDocument.of(`${config}layers: { "${pattern}": { keep: 0.5 } }\n`), reachable).map(
      ({ code }) => code,
    );
  expect(codes('block1/*')).toEqual([]);
  expect(codes('block2/*')).toEqual(['unknown-layer']);
});
