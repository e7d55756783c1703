import { readFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../../../src/config/json-schema';
import { diagnosticsReference } from '../../../src/config/diagnostics-reference';
import { configGrammar } from '../../../src/config/grammar';
import { configReference } from '../../../src/config/reference';

async function formatted(file: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}

describe('what is derived from the schema is up to date: `node scripts/docs.mjs` makes it so', () => {
  it('docs/configuration.md', async () => {
    const file = 'docs/configuration.md';
    expect(await readFile(file, 'utf8')).toBe(await formatted(file, configReference()));
  });

  it('docs/diagnostics.md', async () => {
    const file = 'docs/diagnostics.md';
    expect(await readFile(file, 'utf8')).toBe(await formatted(file, diagnosticsReference()));
  });

  it('syntaxes/pocketflow.schema.json', async () => {
    const file = 'syntaxes/pocketflow.schema.json';
    expect(await readFile(file, 'utf8')).toBe(await formatted(file, JSON.stringify(configJsonSchema())));
  });

  it('syntaxes/pocketflow.tmLanguage.json', async () => {
    const file = 'syntaxes/pocketflow.tmLanguage.json';
    expect(await readFile(file, 'utf8')).toBe(await formatted(file, JSON.stringify(configGrammar())));
  });
});

it('every key of the schema is described', () => {
  const bare = configReference()
    .split('\n')
    .filter((line) => /^\| `/.test(line) && /\|\s*\|$/.test(line))
    .filter((line) => !/^\| `(mean|std)`/.test(line));
  expect(bare).toEqual([]);
});
