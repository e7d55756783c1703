import { existsSync } from 'node:fs';
import { has, run } from './run.mjs';
import { phase, SetupError } from './report.mjs';

/** Each need is named as the Debian package that meets it. */
export const python = { name: 'python3', there: () => has('python3') };
export const pip = { name: 'python3-pip', there: () => pythonHas('pip') };
export const venv = { name: 'python3-venv', there: () => pythonHas('ensurepip') };

/** What compiles native code by node-gyp. */
export const compilers = [{ name: 'make', there: () => has('make') }, { name: 'g++', there: () => has('g++') }, python];

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** What code-server is built with and what the end-to-end tests run. */
export const editorTests = [
  { name: 'chromium', there: () => Boolean(process.env.CHROMIUM_PATH) || browsers.some(has) },
  { name: 'ripgrep', there: () => has('rg') },
  { name: 'pkg-config', there: () => has('pkg-config') },
  {
    name: 'libkrb5-dev',
    there: () => ['gssapi.h', 'gssapi/gssapi.h'].some((header) => existsSync(`/usr/include/${header}`)),
  },
  ...compilers,
];

/**
 * Installs what is missing, where this may be done without asking: on Debian and its kin, as root or by a sudo that
 * wants no password.
 * @throws SetupError that names the packages, where they can't be installed.
 */
export async function installSystemPackages(needs) {
  const missing = [];
  for (const { name, there } of needs) if (!(await there())) missing.push(name);
  if (missing.length === 0) return;
  const command = `sudo apt-get install ${missing.join(' ')}`;
  const prefix = await privilege();
  if (!has('apt-get') || !prefix) {
    throw new SetupError(`These system packages are missing: ${missing.join(', ')}. On Debian or Ubuntu: ${command}`);
  }
  const apt = (...args) => {
    const [program, ...rest] = [...prefix, 'apt-get', ...args];
    return run(program, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  };
  await phase(`installing ${missing.join(', ')}`, async () => {
    try {
      await apt('update');
      await apt('install', '-y', '--no-install-recommends', ...missing);
    } catch (error) {
      throw new SetupError(`${error.message}\n\nInstall the packages by hand: ${command}`);
    }
  });
}

/** What to put before a command so that it runs as root; undefined where a password is wanted. */
async function privilege() {
  if (process.getuid?.() === 0) return [];
  return (await works('sudo', ['-n', 'true'])) ? ['sudo', '-n'] : undefined;
}

function pythonHas(module) {
  return works('python3', ['-c', `import ${module}`]);
}

function works(command, args) {
  return run(command, args).then(
    () => true,
    () => false,
  );
}
