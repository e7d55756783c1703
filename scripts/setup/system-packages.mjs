import { existsSync } from 'node:fs';
import { has, run } from './run.mjs';
import { phase, SetupError } from './report.mjs';

/** Programs and headers that the end-to-end tests need, and the Debian packages that bring them. */
const needs = [
  { package: 'chromium', there: () => has('chromium') },
  { package: 'ripgrep', there: () => has('rg') },
  { package: 'pkg-config', there: () => has('pkg-config') },
  {
    package: 'libkrb5-dev',
    there: async () => existsSync('/usr/include/gssapi.h') || existsSync('/usr/include/gssapi/gssapi.h'),
  },
  { package: 'make', there: () => has('make') },
  { package: 'g++', there: () => has('g++') },
  { package: 'python3', there: () => has('python3') },
];

/** @throws SetupError that names the packages, where they can't be installed. */
export async function installSystemPackages() {
  const missing = [];
  for (const need of needs) if (!(await need.there())) missing.push(need.package);
  if (missing.length === 0) return;
  const command = `apt-get install -y ${missing.join(' ')}`;
  const root = process.getuid?.() === 0;
  const sudo =
    !root &&
    (await run('sudo', ['-n', 'true']).then(
      () => true,
      () => false,
    ));
  if (!(await has('apt-get')) || (!root && !sudo)) {
    throw new SetupError(
      `The end-to-end tests need these system packages: ${missing.join(', ')}.\nInstall them, on Debian or Ubuntu with: sudo ${command}`,
    );
  }
  const apt = (args) =>
    run(root ? 'apt-get' : 'sudo', root ? args : ['apt-get', ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  await phase(`installing ${missing.join(', ')}`, async () => {
    try {
      await apt(['update']);
      await apt(['install', '-y', '--no-install-recommends', ...missing]);
    } catch (error) {
      throw new SetupError(`${error.message}\n\nInstall the packages by hand: sudo ${command}`);
    }
  });
}
