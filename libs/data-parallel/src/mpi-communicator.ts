import type { Communicator } from '@tgan/core';

/** The ranks of an MPI job, as one of them sees them. */
export interface MpiCommunicator extends Communicator {
  /** The library and its version, such as `Open MPI v4.1.4`. */
  readonly version: string;
  /** Leaves the job once all ranks do. */
  close(): void;
  /**
   * Ends the job because of an error. When all ranks fail alike, only one of them speaks.
   *
   * @param speak - says what was wrong, and returns the exit code.
   */
  fail(speak: () => number): never;
}
