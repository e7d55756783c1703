import type { ConfigPath } from '../problem';

export interface Migration {
  /** The config: valid, each value with the flag that it comes from. */
  readonly text: string;
  readonly kept: readonly KeptFlag[];
  readonly left: readonly LeftFlag[];
  /** What had to be assumed, in sentences. */
  readonly assumed: readonly string[];
}

export interface KeptFlag {
  readonly flag: string;
  readonly value: string;
  readonly path: ConfigPath;
}

/** A flag that the config says nothing of, and why. */
export interface LeftFlag {
  readonly flag: string;
  readonly value: string;
  readonly why:
    /** There is no need for it any more; `reason` says what took its place. */
    | 'dropped'
    /** PocketFlow could do what it asks for, and this can't yet. */
    | 'unsupported'
    /** PocketFlow would not have read it beside the other flags. */
    | 'unread'
    /** The value is none that the key can have. */
    | 'invalid';
  readonly reason: string;
}

/** Says what is compressed where the command line doesn't, or other than it does. */
export interface MigrateOptions {
  readonly model?: string;
  readonly dataset?: string;
}

/** A command line that no config can be made of. */
export class MigrateError extends Error {
  override readonly name = 'MigrateError';
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
