import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { installSystemPackages } from '../../../../scripts/setup/system-packages.mjs';
import { temporaryFolder } from '../../../support/temporary-folder';

const present = { name: 'ripgrep', there: () => true };
const missing = [
  { name: 'chromium', there: () => false },
  { name: 'g++', there: () => Promise.resolve(false) },
];

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('does nothing when nothing is missing', async () => {
  vi.stubEnv('PATH', temporaryFolder());
  await expect(installSystemPackages([present])).resolves.toBeUndefined();
});

it('names what is missing and how to install it where there is no apt', async () => {
  vi.stubEnv('PATH', temporaryFolder());
  await expect(installSystemPackages([present, ...missing])).rejects.toThrow(
    'These system packages are missing: chromium, g++. On Debian or Ubuntu: sudo apt-get install chromium g++',
  );
});

it('does not ask for a password', async () => {
  asUser(1000);
  vi.stubEnv('PATH', programs({ 'apt-get': 'exit 0', sudo: 'exit 1' }));
  await expect(installSystemPackages(missing)).rejects.toThrow('sudo apt-get install chromium g++');
});

it('installs only what is missing, through sudo where that is open', async () => {
  asUser(1000);
  const folder = programs({ 'apt-get': 'exit 0', sudo: 'printf "%s\\n" "$*" >> "$LOG"' });
  const log = join(folder, 'log');
  vi.stubEnv('PATH', folder);
  vi.stubEnv('LOG', log);
  await installSystemPackages([present, ...missing]);
  expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual([
    '-n true',
    '-n apt-get update',
    '-n apt-get install -y --no-install-recommends chromium g++',
  ]);
});

it('says what apt has said when it fails', async () => {
  asUser(0);
  vi.stubEnv('PATH', programs({ 'apt-get': 'echo "no such package"; exit 100' }));
  await expect(installSystemPackages(missing)).rejects.toThrow(/no such package[^]*Install the packages by hand/);
});

function asUser(id: number): void {
  vi.spyOn(process as Required<Pick<NodeJS.Process, 'getuid'>>, 'getuid').mockReturnValue(id);
}

/** A folder of shell scripts, for a PATH on which there is nothing else. */
function programs(bodies: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, body] of Object.entries(bodies)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}
