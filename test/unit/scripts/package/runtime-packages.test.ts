import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runtimePackages } from '../../../../scripts/package/runtime-packages.mjs';

const root = mkdtempSync(join(tmpdir(), 'pocketflow-packages-'));
afterAll(() => rmSync(root, { recursive: true }));

function installed(folder: string, manifest: object): void {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest));
}

it('finds what a package needs where Node would, and optional ones where they are installed', () => {
  installed('node_modules/a', {
    dependencies: { b: '1', c: '2' },
    optionalDependencies: { 'a-win32': '1', 'a-linux': '1' },
  });
  installed('node_modules/a-linux', {});
  installed('node_modules/a/node_modules/b', { dependencies: { c: '2', a: '1' } });
  installed('node_modules/b', { dependencies: { unused: '1' } });
  installed('node_modules/c', {});
  expect(runtimePackages(root, ['a'])).toEqual([
    'node_modules/a',
    'node_modules/a-linux',
    'node_modules/a/node_modules/b',
    'node_modules/c',
  ]);
});

it('names what is missing and who needs it', () => {
  installed('node_modules/d', { dependencies: { lost: '1' } });
  expect(() => runtimePackages(root, ['d'])).toThrow(/lost, which node_modules\/d needs, is not installed/);
});
