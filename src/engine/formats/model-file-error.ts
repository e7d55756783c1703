/** A model file that can't be read or written: what is wrong, where in it, and how to mend it. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
