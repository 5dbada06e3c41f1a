/**
 * A file of a data set is wrong, or it is used wrongly. The message says what is wrong, where, and
 * what to do.
 */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}
