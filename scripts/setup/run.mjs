import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

/** What a command left behind when it failed. */
export class CommandError extends Error {
  constructor(command, code, output) {
    super(`${command} failed (${code}):\n${output.trim().split('\n').slice(-15).join('\n')}`);
  }
}

/**
 * Runs a command quietly and gives its output.
 * @throws CommandError with the end of the output; also when it can't be started or takes longer than `timeout` ms.
 */
export function run(command, args, { cwd, env, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout,
      // npm is a script on Windows.
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const shown = [command, ...args].join(' ');
    child.once('error', (error) => reject(new CommandError(shown, error.code, error.message)));
    child.once('close', (code, signal) =>
      code === 0 ? resolve(output) : reject(new CommandError(shown, code ?? signal, output)),
    );
  });
}

/** Runs a command that talks to the user itself; gives its exit code. Ctrl-C is the command's to answer. */
export function runLoudly(command, args, { cwd, env } = {}) {
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', ignore);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** Whether a program is on the PATH. */
export function has(command) {
  const names = process.platform === 'win32' ? [`${command}.exe`, `${command}.cmd`] : [command];
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => names.some((name) => existsSync(join(folder, name))));
}
