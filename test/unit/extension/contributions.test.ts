import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import {
  commandIds,
  contextKeys,
  editorIds,
  languageId,
  taskType,
  viewIds,
  viewTypes,
} from '../../../src/extension/ids';

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
      ...Object.values(viewIds),
      ...Object.values(editorIds),
      ...Object.keys(contributes.configuration.properties),
    ]);
    expect(clauses.filter((name) => !known.has(name))).toEqual([]);
  });

  it('wakes the extension for panels that a reload left open', () => {
    const panels = manifest.activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
    expect(panels).toEqual(Object.values(viewTypes).map((type) => `onWebviewPanel:${type}`));
  });

  it('wakes the extension where there are runs, to show one that goes on', () => {
    expect(manifest.activationEvents).toContain('workspaceContains:.pocketflow/runs');
  });

  it('has a walkthrough whose pictures are there and whose steps can be completed', () => {
    for (const { steps } of contributes.walkthroughs) {
      for (const { media, completionEvents, description } of steps) {
        expect(existsSync(join(import.meta.dirname, '../../..', media.svg)), media.svg).toBe(true);
        expect(media.altText).not.toBe('');
        // A step is done by the command that it offers, or by what it speaks of.
        const commands = completionEvents.flatMap((event) => /^onCommand:(.*)$/.exec(event)?.slice(1) ?? []);
        for (const command of commands) expect(description).toContain(`(command:${command})`);
        expect(completionEvents).not.toEqual([]);
      }
    }
  });

  it('are the views of model files that the code provides', () => {
    expect(contributes.customEditors.map(({ viewType }) => viewType)).toEqual(Object.values(editorIds));
  });

  it('is the view and the task that the code provides', () => {
    expect(contributes.views.pocketflow.map(({ id }) => id)).toEqual(Object.values(viewIds));
    expect(contributes.taskDefinitions.map(({ type }) => type)).toEqual([taskType]);
  });

  it.each([
    [
      'error: /home/me/a.pocketflow.yaml:3:18: `flops` must be between 0 and 1',
      '/home/me/a.pocketflow.yaml',
      '3',
      '18',
    ],
    ['C:\\models\\a.pocketflow.yaml:1:2: wrong', 'C:\\models\\a.pocketflow.yaml', '1', '2'],
  ])('finds the problem in what a task prints: %s', (line, file, row, column) => {
    const pattern = new RegExp(contributes.problemMatchers[0].pattern.regexp);
    expect(pattern.exec(line)?.slice(1, 4)).toEqual([file, row, column]);
  });

  it('names files that are there', () => {
    const files = JSON.stringify([manifest.icon, contributes]).match(/(?:\.\/)?(?:images|syntaxes)\/[\w.-]+/g) ?? [];
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => !existsSync(join(import.meta.dirname, '../../..', file)))).toEqual([]);
  });
});
