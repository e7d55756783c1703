import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load';
import { ConfigError } from '../../../src/config/problem';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function errorOf(text: string): Promise<ConfigError> {
  const path = join(folder, '.pocketflow.yaml');
  writeFileSync(path, text);
  const error: unknown = await loadConfig(path).catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error;
}

it('reports a missing model at its place and names the one that was meant', async () => {
  writeFileSync(join(folder, 'resnet20.onnx'), '');
  const error = await errorOf('model: ./resnet2.onnx\ndataset: cifar10\ntarget: { flops: 0.5 }\n');
  expect(error.problems).toHaveLength(1);
  expect(error.problems[0]?.range.start).toMatchObject({ line: 1, column: 8 });
  expect(error.message).toMatch(/there is no model file .*did you mean resnet20.onnx\?/);
});

it('reports every missing file', async () => {
  const error = await errorOf(
    'model: { zoo: lenet, weights: none/w.onnx }\ndataset: { name: mnist, directory: nowhere }\ntarget: { flops: 0.5 }\n',
  );
  expect(error.problems.map(({ path }) => path.join('.'))).toEqual(['model.weights', 'dataset.directory']);
});

it('knows a file from a folder', async () => {
  writeFileSync(join(folder, 'photos'), '');
  mkdirSync(join(folder, 'net'));
  writeFileSync(join(folder, 'net', 'model.json'), '');
  const error = await errorOf('model: ./net\ndataset: { folder: photos }\ntarget: { flops: 0.5 }\n');
  expect(error.problems[0]?.message).toMatch(/net is a folder.*did you mean model.json in it/);
  expect(error.problems[1]?.message).toMatch(/photos is a file, not a folder/);
});

it('shows the line and underlines the place', async () => {
  const error = await errorOf('model: lenet\ndataset: mnist\ntarget: { flops: 50 }\n');
  expect(error.message.split('\n').slice(1)).toEqual(['  3 | target: { flops: 50 }', '    |                  ^^']);
});
