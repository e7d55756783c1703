export interface EngineExit {
  readonly code?: number | null;
  readonly signal?: NodeJS.Signals | null;
  /** The last lines that it printed. */
  readonly stderr?: readonly string[];
  /** Why it could not even be started. */
  readonly cause?: Error;
}

/** The engine's process ended without being asked to. What its run had reached is in the journal. */
export class EngineCrashError extends Error {
  override readonly name = 'EngineCrashError';
  readonly stderr: readonly string[];
  readonly hint: string;

  constructor({ code, signal, stderr = [], cause }: EngineExit) {
    super(describe(code, signal, stderr, cause), { cause });
    this.stderr = stderr;
    this.hint = cause
      ? 'check the path of Node in the setting `pocketflow.engine.nodePath`'
      : 'resume the run: nothing that it had reached is lost';
  }
}

function describe(
  code: EngineExit['code'],
  signal: EngineExit['signal'],
  stderr: readonly string[],
  cause: Error | undefined,
): string {
  if (cause) return `the engine's process could not be started: ${cause.message}`;
  const how = signal === 'SIGKILL' ? 'was killed, often for want of memory' : `ended with ${signal ?? `code ${code}`}`;
  // Of what Node prints when it dies, the line with the error says most.
  const reason = stderr.find((line) => /^\w*Error\b/.test(line)) ?? stderr.at(-1);
  return `the engine's process ${how}${reason ? `: ${reason}` : ''}`;
}
