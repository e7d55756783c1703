import type { Colors } from 'picocolors/types';
import type { EngineClient, EngineOptions } from '../protocol/engine-client';

/** What a command has of the world; tests give it another one. */
export interface CliContext {
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Results, for people or for other programs. */
  readonly stdout: NodeJS.WritableStream;
  /** Progress and errors. */
  readonly stderr: NodeJS.WritableStream;
  /** Whether stderr is a terminal that can redraw a line. */
  readonly interactive: boolean;
  readonly colors: Colors;
  /** Folder that the product is in, with its docs. */
  readonly home: string;
  startEngine(
    options: Omit<EngineOptions, 'modulePath'>,
  ): Pick<EngineClient, 'compress' | 'resume' | 'outcome' | 'stop' | 'close'>;
  /** Calls `listener` for each Ctrl-C, until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
}

/** Flags that every command has. */
export interface GlobalFlags {
  /** Absolute path of the folder that `.pocketflow/runs` is in. */
  readonly workspace: string;
  /** Print the result, and what leads to it, as JSON. */
  readonly json: boolean;
  readonly debug: boolean;
}

/** Writes a line of the result. */
export function print(context: CliContext, text: string): void {
  context.stdout.write(`${text}\n`);
}

/** One JSON object on a line of its own. */
export function printJson(context: CliContext, value: unknown): void {
  print(context, JSON.stringify(value));
}

/** Writes a line that is not part of the result. */
export function note(context: CliContext, text: string): void {
  context.stderr.write(`${text}\n`);
}
