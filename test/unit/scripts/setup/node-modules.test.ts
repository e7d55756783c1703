import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installed } from '../../../../scripts/setup/node-modules.mjs';
import { temporaryFolder } from '../../../support/temporary-folder';

const asked = {
  '': { version: '0.1.0' },
  'node_modules/yaml': { version: '2.9.1' },
  'node_modules/for-another-platform': { version: '1.0.0', optional: true },
};

it('is not installed on a bare checkout', () => {
  expect(installed(checkout(asked))).toBe(false);
});

it('is not installed when npm was cut off before it left its record', () => {
  const root = checkout(asked);
  mkdirSync(join(root, 'node_modules', 'yaml'), { recursive: true });
  expect(installed(root)).toBe(false);
});

it('is installed when all is there but what is for other platforms', () => {
  expect(installed(checkout(asked, { 'node_modules/yaml': { version: '2.9.1' } }))).toBe(true);
});

it('is not installed when the lock file asks for another version', () => {
  expect(installed(checkout(asked, { 'node_modules/yaml': { version: '2.9.0' } }))).toBe(false);
});

it('is not installed when the lock file has a new package', () => {
  const more = { ...asked, 'node_modules/tar': { version: '7.5.23' } };
  expect(installed(checkout(more, { 'node_modules/yaml': { version: '2.9.1' } }))).toBe(false);
});

function checkout(packages: object, record?: object): string {
  const root = temporaryFolder();
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  if (record) {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: record }));
  }
  return root;
}
