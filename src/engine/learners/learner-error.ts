/** A compression that can't be done as asked; `hint` says what to change, `reachable` the smallest target that could be. */
export class LearnerError extends Error {
  override readonly name = 'LearnerError';
  constructor(
    message: string,
    readonly hint?: string,
    readonly reachable?: number,
  ) {
    super(message);
  }
}
