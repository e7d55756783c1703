import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRun, type RunWriter } from '../../../src/runs/journal';
import { after, before, fakeTerminal } from './fake-context';

const terminal = fakeTerminal();

function makeRun(work: (run: RunWriter) => void): string {
  const run = createRun(terminal.cwd, { name: 'lenet', config: { model: 'lenet' }, version: '0.1.0' });
  work(run);
  run.close();
  return run.id;
}

const finished = (run: RunWriter): void => run.emit({ type: 'run.finished', before, after, seconds: 1 });

describe('the command line itself', () => {
  it('shows help and version', async () => {
    expect(await terminal.run('--help')).toBe(0);
    expect(terminal.stdout).toMatch(/compress .*resume .*check .*inspect .*evaluate .*runs .*doctor /s);
    expect(await terminal.run('--version')).toBe(0);
  });

  it.each([
    ['an unknown command', ['comprss', 'x'], /unknown command 'comprss'.*compress/s],
    ['an unknown option', ['runs', 'list', '--jsn'], /unknown option '--jsn'.*--json/s],
    ['a missing argument', ['compress'], /missing required argument 'config'/],
    ['a missing option', ['evaluate', 'm.onnx'], /required option '-d, --dataset/],
    ['a number that is none', ['evaluate', 'm.onnx', '-d', 'mnist', '--limit', 'x'], /whole number from 1/],
  ])('%s is bad input', async (_, args, message) => {
    expect(await terminal.run(...args)).toBe(2);
    expect(terminal.stderr).toMatch(message);
  });
});

describe('runs', () => {
  it('lists none without complaint', async () => {
    expect(await terminal.run('runs', 'list')).toBe(0);
    expect(await terminal.run('runs', 'list', '--json')).toBe(0);
    expect(terminal.result()).toEqual({ runs: [] });
  });

  it('lists what there is, and what it came to', async () => {
    const id = makeRun(finished);
    expect(await terminal.run('runs', 'list')).toBe(0);
    expect(terminal.stdout).toMatch(new RegExp(`${id} +finished +99\\.02 % +50\\.0 % +34\\.8 %`));
  });

  it('finds the runs of another folder', async () => {
    const id = makeRun(finished);
    mkdirSync(join(terminal.cwd, 'sub'));
    await terminal.run('-C', terminal.cwd, 'runs', 'list', '--json');
    expect(terminal.result()).toMatchObject({ runs: [{ id }] });
    await terminal.run('-C', 'sub', 'runs', 'list', '--json');
    expect(terminal.result()).toEqual({ runs: [] });
  });

  it('shows a run that died, and how to go on', async () => {
    const id = makeRun((run) => run.emit({ type: 'measured', what: 'before', facts: before }));
    expect(await terminal.run('runs', 'show', 'latest')).toBe(0);
    expect(terminal.stdout).toMatch(/dead/);
    expect(terminal.stdout).toMatch(`pocketflow resume ${id}`);
    expect(await terminal.run('runs', 'show', id, '--json')).toBe(0);
    expect(terminal.result()).toMatchObject({ id, status: 'dead', before, config: { model: 'lenet' } });
  });

  it('a run that is not there is bad input', async () => {
    expect(await terminal.run('runs', 'show', 'nope')).toBe(2);
    expect(terminal.stderr).toMatch(/there is no run "nope"/);
  });
});

describe('resume', () => {
  it.each([['resume'], ['runs resume']])('%s goes on with a run that died', async (command) => {
    makeRun(() => undefined);
    expect(await terminal.run(...command.split(' '), 'latest')).toBe(0);
    expect(terminal.asked[0]).toMatch(/^resume .*-lenet-/);
  });

  it('has nothing to do for one that finished', async () => {
    makeRun(finished);
    expect(await terminal.run('resume', 'latest')).toBe(2);
    expect(terminal.stderr).toMatch(/is finished/);
    expect(terminal.asked).toEqual([]);
  });
});
