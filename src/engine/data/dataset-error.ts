/** A data set that can't be had or read as asked. The message says what, where, and how to mend it. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}
