import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fakeTerminal } from './fake-context';

const terminal = fakeTerminal();
const flags = [
  'nets/resnet_at_cifar10_run.py',
  '--learner',
  'weight-sparse',
  '--ws_prune_ratio',
  '0.8',
  '--summ_step=1',
];

it('prints the config on stdout, and what became of the other flags on stderr', async () => {
  expect(await terminal.run('migrate', '--', ...flags)).toBe(0);
  expect(terminal.stdout).toContain('  sparsity: 0.8 # ws_prune_ratio 0.8');
  expect(terminal.stderr).toMatch(/^2 of 3 flags are in the config; not in it:\n {2}summ_step {2}progress is recorded/);
});

it('writes a file that passes `check`, and does not overwrite one', async () => {
  expect(await terminal.run('migrate', '--out', 'a.pocketflow.yaml', '--', ...flags)).toBe(0);
  expect(await terminal.run('check', 'a.pocketflow.yaml')).toBe(0);
  writeFileSync(join(terminal.cwd, 'b.pocketflow.yaml'), 'mine');
  expect(await terminal.run('migrate', '-o', 'b.pocketflow.yaml', '--', ...flags)).toBe(2);
  expect(terminal.stderr).toContain('is there already');
  expect(readFileSync(join(terminal.cwd, 'b.pocketflow.yaml'), 'utf8')).toBe('mine');
});

it('accounts for every flag as JSON', async () => {
  await terminal.run('migrate', '--json', '--model', './mine.onnx', '--', ...flags);
  expect(terminal.result()).toMatchObject({
    config: expect.stringContaining('model: ./mine.onnx # --model'),
    kept: [
      { flag: 'learner', value: 'weight-sparse', path: ['learner'] },
      { flag: 'ws_prune_ratio', value: '0.8', path: ['target', 'sparsity'] },
    ],
    left: [{ flag: 'summ_step', value: '1', why: 'dropped' }],
    assumed: [],
  });
});

it('writes nothing when a flag is unknown', async () => {
  expect(await terminal.run('migrate', '--out', 'a.yaml', '--', '--learnr', 'channel')).toBe(2);
  expect(terminal.stderr).toContain('did you mean --learner?');
  expect(existsSync(join(terminal.cwd, 'a.yaml'))).toBe(false);
});
