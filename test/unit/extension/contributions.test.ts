import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import { commandIds, contextKeys, languageId, viewTypes } from '../../../src/extension/ids';

const { contributes } = manifest;
const clauses = JSON.stringify(contributes).match(/(?<![./\w])pocketflow\.[a-zA-Z.]+/g) ?? [];

describe('what package.json contributes', () => {
  it('are the commands that the code registers', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(commandIds).sort());
  });

  it('is the language that the code knows', () => {
    expect(contributes.languages.map(({ id }) => id)).toEqual([languageId]);
    expect(contributes.grammars.map(({ language }) => language)).toEqual([languageId]);
  });

  it('uses no command, context key or setting that is nowhere defined', () => {
    const known = new Set<string>([
      ...Object.values(commandIds),
      ...Object.values(contextKeys),
      ...Object.keys(contributes.configuration.properties),
    ]);
    expect(clauses.filter((name) => !known.has(name))).toEqual([]);
  });

  it('wakes the extension for panels that a reload left open', () => {
    expect(manifest.activationEvents).toEqual(Object.values(viewTypes).map((type) => `onWebviewPanel:${type}`));
  });

  it('names files that are there', () => {
    const files = JSON.stringify([manifest.icon, contributes]).match(/(?:\.\/)?(?:images|syntaxes)\/[\w.-]+/g) ?? [];
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => !existsSync(join(import.meta.dirname, '../../..', file)))).toEqual([]);
  });
});
