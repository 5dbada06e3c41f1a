import { fileProblem } from '@tgan/core/node';
import { checkpointSteps } from './checkpoints.js';
import type { RunFolder } from './run-folder.js';

/** The folder of a run cannot be written. The message says why, what is safe and what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/**
 * Does what writes to a run's folder.
 *
 * @param verb - what it does to the folder, for the message.
 * @throws StorageError when the folder cannot be written; other errors as they are.
 */
export async function storing<T>(
  run: RunFolder,
  work: () => Promise<T>,
  verb = 'write to',
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problem = fileProblem(error);
    if (!problem || error instanceof StorageError) throw error;
    const { code, meaning, remedy } = problem;
    const [last] = await checkpointSteps(run).catch(() => []);
    const safe =
      last === undefined
        ? `there is no checkpoint yet: ${remedy} and begin again`
        : `the checkpoint of step ${last} is safe: ${remedy}, then tgan resume ${run.path}`;
    throw new StorageError(`cannot ${verb} ${run.path}, ${meaning} (${code}); ${safe}`, {
      cause: error,
    });
  }
}
