/** A compression that can't be done as asked; `hint` says what to change. */
export class LearnerError extends Error {
  override readonly name = 'LearnerError';
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}
