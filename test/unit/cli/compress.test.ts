import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { EngineCrashError } from '../../../src/protocol/engine-crash';
import type { RunWriter } from '../../../src/runs/journal';
import { after, before, fakeTerminal } from './fake-context';

const terminal = fakeTerminal();
const config = 'lenet.pocketflow.yaml';

beforeEach(() => {
  writeFileSync(join(terminal.cwd, config), 'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n');
});

function finish(run: RunWriter): { state: 'finished' } {
  run.emit({ type: 'stage.started', stage: 0, learner: 'channel', target: 'flops 0.5' });
  for (let step = 1; step <= 500; step++) run.emit({ type: 'progress', phase: 'finetune', step, total: 500 });
  run.emit({ type: 'artifact', path: join(terminal.cwd, 'out', 'model.onnx'), format: 'onnx', bytes: 600_000 });
  run.emit({ type: 'run.finished', before, after, seconds: 75 });
  return { state: 'finished' };
}

it('ends with a table of before and after, and the files', async () => {
  terminal.work = finish;
  expect(await terminal.run('compress', config)).toBe(0);
  const rows = terminal.stdout.split('\n').map((line) =>
    line
      .split(/\s{2,}/)
      .join('|')
      .trim(),
  );
  expect(rows).toContain('accuracy|99.12 %|99.02 %|−0.10 points');
  expect(rows).toContain('FLOPs|4.60 M|2.30 M|−50.0 %');
  expect(rows).toContain('file|1.73 MB|600 kB|−65.2 %');
  expect(rows).toContain('latency|0.200 ms|0.100 ms|2.00x speed');
  expect(rows).toContain(`${join('out', 'model.onnx')}|600 kB`);
  expect(terminal.stderr).toMatch(/stage 1: channel, flops 0.5/);
  expect(terminal.stderr).toMatch(/finished in 1 min 15 s/);
});

it('where nothing can be redrawn, progress is a line now and then', async () => {
  terminal.work = finish;
  await terminal.run('compress', config);
  expect(terminal.stderr.split('\n').length).toBeLessThan(10);
  expect(terminal.stderr + terminal.stdout).not.toContain('\u001b');
});

it('with --json every line is JSON, the last one the result', async () => {
  terminal.work = finish;
  expect(await terminal.run('compress', config, '--json')).toBe(0);
  const lines = terminal.stdout.trimEnd().split('\n');
  const events = lines.slice(0, -1).map((line) => JSON.parse(line) as { type: string });
  expect(events.map(({ type }) => type)).toContain('progress');
  expect(terminal.result()).toMatchObject({
    status: 'finished',
    before,
    after,
    seconds: 75,
    artifacts: [{ format: 'onnx' }],
  });
});

it('--out goes to the engine as an absolute path', async () => {
  terminal.work = finish;
  await terminal.run('compress', config, '--out', 'elsewhere');
  expect(terminal.asked[0]).toBe(`compress to ${join(terminal.cwd, 'elsewhere')}`);
});

describe('Ctrl-C', () => {
  it('stops the run and says how to go on', async () => {
    terminal.work = () => {
      setImmediate(terminal.interrupt);
      return new Promise(() => undefined);
    };
    expect(await terminal.run('compress', config)).toBe(130);
    expect(terminal.asked).toEqual(['compress', 'stop: Ctrl-C', 'close']);
    expect(terminal.stderr).toMatch(/pocketflow resume \d{8}-\d{6}-test-[0-9a-f]{4}/);
  });

  it('a second one kills', async () => {
    terminal.work = () => {
      setImmediate(() => {
        terminal.interrupt();
        terminal.interrupt();
      });
      return new Promise(() => undefined);
    };
    expect(await terminal.run('compress', config)).toBe(130);
    expect(terminal.asked.slice(0, 3)).toEqual(['compress', 'stop: Ctrl-C', 'close']);
  });

  it('counts when it comes before there is a run', async () => {
    terminal.work = () => new Promise(() => undefined);
    terminal.beforeRun = terminal.interrupt;
    expect(await terminal.run('compress', config)).toBe(130);
    expect(terminal.stderr).toMatch(/pocketflow resume/);
  });

  it('does nothing any more once the command has ended', async () => {
    terminal.work = finish;
    await terminal.run('compress', config);
    terminal.interrupt();
    expect(terminal.asked).not.toContain('stop: Ctrl-C');
  });
});

describe('what goes wrong', () => {
  it('in the config is told with its place, and no engine is started', async () => {
    writeFileSync(join(terminal.cwd, config), 'model: lenet\ndataset: mnist\ntarget: { flops: 50 }\n');
    expect(await terminal.run('compress', config)).toBe(2);
    expect(terminal.stderr).toMatch(/lenet\.pocketflow\.yaml:3:18: `flops` must be between 0 and 1/);
    expect(terminal.asked).toEqual([]);
  });

  it('in the config is told in JSON too', async () => {
    writeFileSync(join(terminal.cwd, config), 'model: lenet\ndataset: mnist\ntarget: { flops: 50 }\n');
    expect(await terminal.run('compress', config, '--json')).toBe(2);
    expect(terminal.result()).toMatchObject({
      problems: [{ path: ['target', 'flops'], range: { start: { line: 3 } } }],
    });
  });

  it('with the path of the config names it', async () => {
    expect(await terminal.run('compress', 'none.yaml')).toBe(2);
    expect(terminal.stderr).toMatch(/none\.yaml: there is no such file\nhint: check its path/);
    expect(terminal.stderr).not.toMatch(/\bat .*:\d+/);
    expect(await terminal.run('compress', '.')).toBe(2);
    expect(terminal.stderr).toMatch(/this is a folder/);
  });

  it('in the run is told with a hint', async () => {
    terminal.work = () => ({ state: 'failed', message: 'the loss is no longer finite', hint: 'lower the rate' });
    expect(await terminal.run('compress', config)).toBe(1);
    expect(terminal.stderr).toMatch(/error: the loss is no longer finite\nhint: lower the rate\n$/);
  });

  it('with the engine itself is told, and that nothing is lost', async () => {
    terminal.work = () => Promise.reject(new EngineCrashError({ signal: 'SIGKILL' }));
    expect(await terminal.run('compress', config)).toBe(1);
    expect(terminal.stderr).toMatch(/was killed/);
    expect(terminal.stderr).toMatch(/nothing .* is lost: pocketflow resume \d{8}-/);
  });

  it('shows where it came from only with --debug', async () => {
    terminal.work = () => Promise.reject(new Error('a mistake of ours'));
    await terminal.run('compress', config);
    expect(terminal.stderr).not.toMatch(/\bat .*:\d+/);
    await terminal.run('--debug', 'compress', config);
    expect(terminal.stderr).toMatch(/\bat .*:\d+/);
  });
});
