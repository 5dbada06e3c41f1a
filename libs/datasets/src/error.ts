/**
 * A data set's file, or the use of one, is not what it has to be. The message says what, where and
 * what to do.
 */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}
