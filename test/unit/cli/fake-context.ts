import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import colors from 'picocolors';
import { afterEach, beforeEach } from 'vitest';
import type { CliContext } from '../../../src/cli/context';
import { runCli } from '../../../src/cli/program';
import type { Outcome } from '../../../src/protocol/messages';
import type { ModelFacts } from '../../../src/runs/events';
import { createRun, type RunWriter } from '../../../src/runs/journal';

export interface Terminal {
  /** The working directory, empty at first. */
  cwd: string;
  stdout: string;
  stderr: string;
  /** What the engine does with a run. */
  work: (run: RunWriter) => Promise<Outcome> | Outcome;
  /** Called by the engine before it has started a run. */
  beforeRun: () => void;
  /** What it was asked. */
  readonly asked: string[];
  /** Presses Ctrl-C. */
  interrupt: () => void;
  run(...args: string[]): Promise<number>;
  /** The last line of stdout. */
  result(): unknown;
}

/** A command line whose engine is played by the test; call at the top of a file. */
export function fakeTerminal(): Terminal {
  let listeners: (() => void)[] = [];
  const terminal: Terminal = {
    cwd: '',
    stdout: '',
    stderr: '',
    work: () => ({ state: 'finished' }),
    beforeRun: () => undefined,
    asked: [],
    interrupt: () => listeners.forEach((listener) => listener()),
    run: (...args) =>
      runCli(
        contextOf(terminal, (change) => (listeners = change(listeners))),
        args,
      ),
    result: () => JSON.parse(terminal.stdout.trimEnd().split('\n').at(-1) ?? '') as unknown,
  };
  beforeEach(() => {
    Object.assign(terminal, {
      stdout: '',
      stderr: '',
      work: () => ({ state: 'finished' }),
      beforeRun: () => undefined,
    });
    terminal.cwd = mkdtempSync(join(tmpdir(), 'cli-'));
    terminal.asked.length = 0;
    listeners = [];
  });
  afterEach(() => rmSync(terminal.cwd, { recursive: true }));
  return terminal;
}

type Listeners = (() => void)[];

function contextOf(terminal: Terminal, update: (change: (old: Listeners) => Listeners) => void): CliContext {
  const capture = (key: 'stdout' | 'stderr'): NodeJS.WritableStream =>
    new PassThrough().on('data', (chunk: Buffer) => (terminal[key] += chunk.toString()));
  return {
    cwd: terminal.cwd,
    stdout: capture('stdout'),
    stderr: capture('stderr'),
    interactive: false,
    colors: colors.createColors(false),
    home: '/product',
    startEngine: ({ onEvent }) => {
      let outcome: Promise<Outcome> | undefined;
      let end: (outcome: Outcome) => void = () => undefined;
      return {
        compress: async ({ workspace, outDirectory }) => {
          terminal.asked.push(`compress${outDirectory ? ` to ${outDirectory}` : ''}`);
          terminal.beforeRun();
          const run = createRun(workspace, { name: 'test', config: {}, version: '0.1.0' });
          if (onEvent) run.onEvent(onEvent);
          const ended = new Promise<Outcome>((resolve) => (end = resolve));
          outcome = Promise.race([ended, Promise.resolve(terminal.work(run))]).finally(() => run.close());
          return { id: run.id, directory: run.directory };
        },
        resume: ({ runDirectory }) => {
          terminal.asked.push(`resume ${runDirectory}`);
          outcome = Promise.resolve({ state: 'finished' });
          return Promise.resolve({ id: 'resumed', directory: runDirectory });
        },
        outcome: () => outcome ?? Promise.reject(new Error('no run')),
        stop: (reason) => {
          terminal.asked.push(`stop: ${reason}`);
          end({ state: 'stopped' });
          return Promise.resolve();
        },
        close: () => {
          terminal.asked.push('close');
          return Promise.resolve();
        },
      };
    },
    onInterrupt: (listener) => {
      update((old) => [...old, listener]);
      return () => update((old) => old.filter((other) => other !== listener));
    },
  };
}

export const before: ModelFacts = {
  accuracy: 99.12,
  flops: 4_600_000,
  params: 431_000,
  nonzero: 431_000,
  bytes: 1_725_000,
  latencyMs: 0.2,
};
export const after: ModelFacts = {
  accuracy: 99.02,
  flops: 2_300_000,
  params: 150_000,
  nonzero: 150_000,
  bytes: 600_000,
  latencyMs: 0.1,
};
