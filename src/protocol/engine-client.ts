import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node.js';
import { parseEvent, type RunEvent } from '../runs/events';
import { recordStop } from '../runs/journal';
import { readRun } from '../runs/read';
import { listen, request } from './connection';
import { EngineCrashError } from './engine-crash';
import type { LogEntry, Method, Outcome, Params, Result, RunReference } from './messages';
import { Tail } from './tail';

export interface EngineOptions {
  /** The engine's bundle, dist/engine.js. */
  readonly modulePath: string;
  /** Node to run it with; by default the one that this process runs on, also where that is Electron. */
  readonly execPath?: string;
  /** Laid over this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  readonly onEvent?: (event: RunEvent) => void;
  /** What the engine reports, and what native libraries print. */
  readonly onLog?: (entry: LogEntry) => void;
}

/** How long the engine may take to end by itself before it is killed; the journal survives either way. */
const GRACE_MS = 1000;
/** How long to wait for what it printed last; a grandchild may hold the pipe open for good. */
const PRINT_MS = 200;

/** The engine's process, seen from the editor or the command line. It ends with its client. */
export class EngineClient {
  private readonly connection: MessageConnection;
  private readonly stderr = new Tail(50);
  /** Never rejects. */
  private readonly exited: Promise<EngineCrashError>;
  private readonly printedAll: Promise<unknown>;
  private run: RunReference | undefined;
  private stopping = false;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly child: ChildProcess,
    { onEvent, onLog }: EngineOptions,
  ) {
    void readLines(child.stdout, (text) => onLog?.({ level: 'debug', text }));
    this.printedAll = readLines(child.stderr, (text) => {
      this.stderr.add(text);
      onLog?.({ level: 'debug', text });
    });
    this.exited = this.watchExit();
    this.connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    listen(this.connection, 'log', (entry) => onLog?.(entry));
    listen(this.connection, 'event', ({ line }) => {
      const event = parseEvent(line);
      if (event) onEvent?.(event);
    });
    this.connection.listen();
  }

  static start(options: EngineOptions): EngineClient {
    const child = fork(options.modulePath, [], {
      execPath: options.execPath ?? process.execPath,
      // An editor's own flags (--inspect, --max-old-space-size) are not meant for the engine.
      execArgv: [],
      env: { ...process.env, ...options.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
    });
    return new EngineClient(child, options);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * Starts a run.
   * @throws ConfigError when the config has problems; EngineError; EngineCrashError.
   */
  async compress(params: Params<'compress'>): Promise<RunReference> {
    return (this.run = await this.ask('compress', params));
  }

  /**
   * Goes on with a run that stopped or died.
   * @throws EngineError when it can't be; EngineCrashError.
   */
  async resume(params: Params<'resume'>): Promise<RunReference> {
    return (this.run = await this.ask('resume', params));
  }

  /**
   * How the run ended, once it has.
   * @throws EngineCrashError when the process is gone before; the run can then be resumed.
   */
  async outcome(): Promise<Outcome> {
    try {
      return await this.ask('outcome', {});
    } catch (error) {
      if (this.stopping && error instanceof EngineCrashError) return { state: 'stopped' };
      throw error;
    }
  }

  /** Ends the run within a second: at the end of its current step, or with the process. It can be resumed. */
  async stop(reason: string): Promise<void> {
    this.stopping = true;
    const stopped = this.ask('stop', { reason }).catch(() => undefined);
    if (await settles(stopped, GRACE_MS)) return;
    await this.kill();
    if (this.run && (await readRun(this.run.directory)).status === 'dead') recordStop(this.run.directory, reason);
  }

  /** Ends the process, and with it whatever it is at. */
  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** On `exit`, since Node never emits `close` once the channel has been disconnected from here. */
  private watchExit(): Promise<EngineCrashError> {
    return new Promise((resolve) => {
      this.child.once('error', (cause) => resolve(new EngineCrashError({ cause })));
      this.child.once('exit', (code, signal) => {
        void settles(this.printedAll, PRINT_MS).then(() => {
          resolve(new EngineCrashError({ code, signal, stderr: this.stderr.lines }));
        });
      });
    });
  }

  private ask<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    const crashed = new Promise<never>((_, reject) => void this.exited.then(reject));
    return Promise.race([crashed, request(this.connection, method, params)]);
  }

  private async end(): Promise<void> {
    this.stopping = true;
    // The engine takes the loss of its channel for the wish to end.
    if (this.child.connected) this.child.disconnect();
    if (!(await settles(this.exited, GRACE_MS))) await this.kill();
  }

  private async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

/** Resolves at the end of the output. */
async function readLines(output: Readable | null, onLine: (line: string) => void): Promise<void> {
  if (!output) return;
  for await (const line of createInterface({ input: output })) onLine(line);
}

/** Whether it settles within so many milliseconds. */
async function settles(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  const late = setTimeout(milliseconds, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
