import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeEach, expect, it } from 'vitest';
import { fakeTerminal } from './fake-context';

const terminal = fakeTerminal();

beforeEach(async () => {
  const image = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  for (const folder of ['train/cat', 'train/dog', 'test/cat', 'test/dog']) {
    mkdirSync(join(terminal.cwd, 'photos', folder), { recursive: true });
    for (const name of ['1.png', '2.png', '3.png']) writeFileSync(join(terminal.cwd, 'photos', folder, name), image);
  }
});

function configure(rest: string): void {
  const text = `model: lenet\ndataset: { folder: photos, imageSize: 8, validation: 2 }\n${rest}\n`;
  writeFileSync(join(terminal.cwd, 'a.pocketflow.yaml'), text);
}

const dryRun = (...more: string[]) => terminal.run('compress', 'a.pocketflow.yaml', '--dry-run', ...more);

it('shows the target in numbers and each layer before and after, and leaves nothing behind', async () => {
  configure('target: { flops: 0.5 }\ntraining: { epochs: 7 }');
  expect(await dryRun()).toBe(0);
  expect(terminal.stdout).toMatch(/stage 1: channel: at most .* of .* FLOPs; fine-tune 7 epochs, with distillation/);
  expect(terminal.stdout).toMatch(/conv2 +conv2d +64 → \d+ /);
  expect(terminal.stdout).toMatch(/FLOPs +.*−[45]\d\.\d %/);
  expect(terminal.stdout).not.toMatch(/accuracy|latency/);
  expect(terminal.asked).toEqual([]);
  expect(existsSync(join(terminal.cwd, '.pocketflow'))).toBe(false);
});

it('gives costs and layers as one object', async () => {
  configure('target: { params: 0.25 }');
  expect(await dryRun('--json')).toBe(0);
  const { before, after, layers } = terminal.result() as {
    before: { params: number };
    after: { params: number };
    layers: { name: string }[];
  };
  expect(after.params / before.params).toBeLessThanOrEqual(0.25);
  expect(layers.map(({ name }) => name)).toEqual(['conv1', 'conv2', 'fc1', 'fc2']);
});

it('says what can not be reached', async () => {
  configure('target: { flops: 0.5 }\nlayers: { "*": { skip: true } }');
  expect(await dryRun()).toBe(2);
  expect(terminal.stderr).toMatch(/can't be reached/);
});
