import { expect, it } from 'vitest';
import { z } from 'zod';
import { configJsonSchema } from '../../../src/config/json-schema';
import { flagTable } from '../../../src/config/migrate/flag-table';
import { metaText, optionMeta } from '../../../src/config/option-meta';

it('is found under whatever makes a key optional', () => {
  const schema = z
    .number()
    .describe('n')
    .meta({ source: 'Zhu & Gupta 2017', replaces: ['a'] })
    .default(3)
    .optional();
  expect(optionMeta(schema)).toEqual({ source: 'Zhu & Gupta 2017', replaces: [{ flag: 'a' }] });
  expect(optionMeta(z.number())).toEqual({ replaces: [] });
});

it('says how a value of the flag is written', () => {
  const text = metaText({
    source: 'He et al. 2017',
    replaces: [
      { flag: 'a' },
      { flag: 'b', as: 'complement' },
      { flag: 'c', as: { times: 128 } },
      { flag: 'd', as: { values: { true: 4, false: 'one' } } },
    ],
  });
  expect(text).toBe(
    'Source: He et al. 2017. Replaces `a`, `b` (the share removed), `c` (times 128), `d` (true: 4, false: "one").',
  );
  expect(metaText({ replaces: [] })).toBeUndefined();
});

it('every replaced flag is spelled as PocketFlow spells flags, and has one place for each learner', () => {
  const places = flagTable();
  expect(places.length).toBeGreaterThan(20);
  for (const { flag } of places) expect(flag).toMatch(/^[a-z][a-z0-9_]*$/);
  const keys = places.map(({ flag, learner = '' }) => `${flag} ${learner}`);
  // What both forms of a data set have.
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  expect(new Set(twice)).toEqual(new Set(['nb_smpls_val ', 'nb_smpls_train ', 'nb_threads ']));
});

it('the JSON schema says it in descriptions, and has no keywords that other editors do not know', () => {
  const text = JSON.stringify(configJsonSchema());
  expect(text).toContain('Replaces `ws_prune_ratio_exp`.');
  expect(text).not.toContain('"replaces"');
  expect(text).not.toContain('"source"');
});
