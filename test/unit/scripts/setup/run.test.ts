import { expect, it } from 'vitest';
import { has, run } from '../../../../scripts/setup/run.mjs';

const node = (code: string, options?: { timeout: number }) => run(process.execPath, ['-e', code], options);

it('gives what the command has said', async () => {
  await expect(node('console.log("out"); console.error("err")')).resolves.toMatch(/out\n[^]*err|err\n[^]*out/);
});

it('fails with the command, its code and the end of what it has said', async () => {
  const failing = node('for (let i = 0; i < 100; i++) console.log(`line ${i}`); process.exitCode = 3');
  await expect(failing).rejects.toThrow(/-e .* failed \(3\):\n(line \d+\n)+line 99$/);
  await expect(failing).rejects.not.toThrow('line 50');
});

it('fails when the command does not exist', async () => {
  await expect(run('no-such-command', [])).rejects.toThrow(/no-such-command.*failed/);
});

it('ends a command that takes too long', async () => {
  await expect(node('setTimeout(() => {}, 60_000)', { timeout: 200 })).rejects.toThrow(/failed \(SIGTERM\)/);
});

it('finds programs on the PATH', () => {
  expect(has('node')).toBe(true);
  expect(has('no-such-command')).toBe(false);
});
