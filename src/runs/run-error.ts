/** Something that keeps a run from being written or read; the message says what and where, the hint how to mend it. */
export class RunError extends Error {
  override readonly name = 'RunError';
  constructor(
    message: string,
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const reasons: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOSPC: ['no space is left on the disk', 'free some space, then resume the run'],
  EDQUOT: ['your disk quota is used up', 'free some space, then resume the run'],
  EROFS: ['the file system is read-only', 'use a folder that can be written to'],
  EACCES: ['permission is denied', 'use a folder that you may write to'],
  EPERM: ['permission is denied', 'use a folder that you may write to'],
  EIO: ['the disk reports an error', 'check the disk, then resume the run'],
};

/** A system error at `path` in plain words. */
export function writeError(path: string, cause: unknown): RunError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const [reason, hint] = reasons[code] ?? [cause instanceof Error ? cause.message : String(cause), undefined];
  return new RunError(`can't write ${path}: ${reason}`, hint, { cause });
}
