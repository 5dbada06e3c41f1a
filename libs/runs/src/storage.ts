import { checkpointSteps } from './checkpoints.js';
import type { RunFolder } from './run-folder.js';

/** A run's folder cannot be written. The message says why, what is safe and what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** What an error of the file system means, and what mends it. */
const meanings: Record<string, [meaning: string, remedy: string]> = {
  ENOSPC: ['the disk is full', 'free some space'],
  EDQUOT: ['the disk quota is used up', 'free some space'],
  EFBIG: ['a file is larger than allowed here', 'raise the limit'],
  EACCES: ['permission is denied', 'let this user write there'],
  EPERM: ['permission is denied', 'let this user write there'],
  EROFS: ['the file system is read-only', 'make it writable'],
  ENOENT: ['it is gone', 'put it back'],
  ENOTDIR: ['a file is in the way', 'put the folder back'],
  EISDIR: ['a folder is in the way', 'remove it'],
  EIO: ['the disk fails', 'copy the run to another disk'],
  EMFILE: ['too many files are open', 'raise the limit'],
};

/**
 * Does what writes to a run's folder.
 *
 * @throws StorageError when the folder cannot be written; other errors as they are.
 */
export async function storing<T>(run: RunFolder, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (!code) throw error;
    const [meaning, remedy] = meanings[code];
    const [last] = await checkpointSteps(run);
    const safe =
      last === undefined
        ? `there is no checkpoint yet: ${remedy} and begin again`
        : `the checkpoint of step ${last} is safe: ${remedy}, then tgan resume ${run.path}`;
    throw new StorageError(`cannot write to ${run.path}, ${meaning} (${code}); ${safe}`, {
      cause: error,
    });
  }
}

/** The file system's code for an error, or for what caused it; undefined for errors of another kind. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '' } = error as NodeJS.ErrnoException;
  return Object.hasOwn(meanings, code) ? code : codeOf(error.cause);
}
