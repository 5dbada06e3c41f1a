/** MPI cannot be used. The message is one line that says what to do. */
export class MpiError extends Error {
  override readonly name = 'MpiError';
}
