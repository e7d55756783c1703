import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fakeTerminal } from './fake-context';

const terminal = fakeTerminal();
const fine = 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n';

async function check(text: string, ...flags: string[]): Promise<number> {
  writeFileSync(join(terminal.cwd, 'a.yaml'), text);
  return terminal.run('check', 'a.yaml', ...flags);
}

it('says of a config that is fine what it comes to', async () => {
  expect(await check(fine)).toBe(0);
  expect(terminal.stdout).toMatch(/^a\.yaml is fine: channel \([\d.]+ M to [\d.]+ M FLOPs, [\d.]+ k to [\d.]+ k par/);
});

it('says it as JSON, with the plan, the model and what each stage makes of it', async () => {
  expect(await check(fine, '--json')).toBe(0);
  expect(terminal.result()).toMatchObject({
    problems: [],
    plan: { stages: [{ learner: 'channel' }] },
    model: { name: 'lenet' },
    stages: [{ before: { flops: expect.any(Number) }, after: { flops: expect.any(Number) } }],
  });
});

it('shows every problem with its place, its code and where that is explained', async () => {
  expect(await check('model: lenet\ndataset: mnits\ntarget: { flop: 0.5 }\n')).toBe(2);
  expect(terminal.stdout).toMatch(
    /^a\.yaml:2:10: .*\n.*\n.*\n {2}error invalid-value: file:.*diagnostics\.md#invalid-value$/m,
  );
  expect(terminal.stdout).toMatch(/a\.yaml:3:11: /);
  expect(terminal.stdout).toMatch(/\na\.yaml: 2 errors\n$/);
});

it('knows the model: layers that it lacks', async () => {
  expect(await check(`${fine}layers: { conv3: { skip: true } }\n`, '--json')).toBe(2);
  expect(terminal.result()).toMatchObject({
    problems: [
      {
        code: 'unknown-layer',
        severity: 'error',
        replacement: expect.stringMatching(/^conv[12]$/),
        documentation: expect.stringMatching(/^file:\/\/\/.*product\/docs\/diagnostics\.md#unknown-layer$/),
      },
    ],
  });
});

it('knows the model: targets that can not be reached', async () => {
  expect(await check('model: lenet\ndataset: mnist\ntarget: { flops: 0.001 }\n')).toBe(2);
  expect(terminal.stdout).toContain('error unreachable-target');
});

it('names files that are not there', async () => {
  expect(await check('model: ./nowhere.onnx\ndataset: mnist\ntarget: { flops: 0.5 }\n')).toBe(2);
  expect(terminal.stdout).toContain('error missing-file');
});

it('says that a model can not be read', async () => {
  writeFileSync(join(terminal.cwd, 'broken.onnx'), 'not a model');
  expect(await check('model: ./broken.onnx\ndataset: mnist\ntarget: { flops: 0.5 }\n')).toBe(2);
  expect(terminal.stderr).toContain('broken.onnx');
});

it('warnings alone are no failure, and are counted', async () => {
  expect(await check(`${fine}layers: { conv1: { keep: 0.5 }, '*': { keep: 0.6 } }\n`)).toBe(0);
  expect(terminal.stdout).toMatch(/a\.yaml is fine, with 1 warning: channel/);
});
