import { CommanderError } from 'commander';
import { ConfigError } from '../config/problem';
import { hintOf } from '../protocol/failure';
import { note, printJson, type CliContext } from './context';

export const exitCodes = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

/** What a person gave is not what the command can work with. */
export class InputError extends Error {
  override readonly name = 'InputError';
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** Errors that are about what was given, whichever room they come from. */
const inputErrors: ReadonlySet<string> = new Set([
  'ConfigError',
  'ConfigFileError',
  'InputError',
  'MigrateError',
  'ModelFileError',
  'GraphError',
  'DatasetError',
  'LearnerError',
  'RunError',
]);

/**
 * Says what went wrong, once and in plain words, and returns the exit code. With `json` the last line of stdout is an
 * object too.
 */
export function reportFailure(
  context: CliContext,
  error: unknown,
  { json, debug }: { json: boolean; debug: boolean },
): number {
  if (error instanceof CommanderError) {
    // Commander has said it already.
    if (error.exitCode === 0) return exitCodes.done;
    if (json) printJson(context, { error: error.message });
    return exitCodes.badInput;
  }
  const { colors } = context;
  const message = error instanceof Error ? error.message : String(error);
  const hint = hintOf(error);
  note(context, `${colors.red('error:')} ${message}`);
  if (hint !== undefined) note(context, `${colors.cyan('hint:')} ${hint}`);
  if (debug && error instanceof Error) note(context, error.stack ?? '');
  if (json) {
    const problems = error instanceof ConfigError ? { problems: error.problems } : {};
    printJson(context, { error: message, ...(hint === undefined ? {} : { hint }), ...problems });
  }
  return isBadInput(error) ? exitCodes.badInput : exitCodes.failed;
}

function isBadInput(error: unknown): boolean {
  return error instanceof Error && inputErrors.has(error.name);
}
