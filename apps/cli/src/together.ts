import type { Communicator } from '@tgan/core';
import { connect } from '@tgan/data-parallel';
import { report } from './errors.js';

/**
 * Runs work in each process of an MPI job, or alone where no launcher of MPI started this one.
 *
 * An error in one process ends them all. One of them prints it, with its rank where it is not the
 * first.
 */
export async function together(
  work: (communicator: Communicator | undefined) => Promise<void>,
): Promise<void> {
  const communicator = await connect();
  if (!communicator) return work(undefined);
  try {
    await work(communicator);
  } catch (error) {
    const { rank } = communicator;
    communicator.fail(() => report(error, rank === 0 ? '' : `rank ${rank}: `));
  }
  communicator.close();
}
