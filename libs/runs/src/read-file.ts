import { readdir, readFile, stat } from 'node:fs/promises';

// Only ENOENT means that a file is absent. One that cannot be read for another reason, such as
// permission or too many open files, is there: whoever took it for absent would overwrite it.

/**
 * The text of a file; undefined when there is none.
 *
 * @throws what the file system throws, unless it is ENOENT.
 */
export const readIfThere = (path: string): Promise<string | undefined> =>
  ifThere(readFile(path, 'utf8'));

/**
 * The names in a folder; undefined when there is no such folder.
 *
 * @throws what the file system throws, unless it is ENOENT.
 */
export const listIfThere = (path: string): Promise<string[] | undefined> => ifThere(readdir(path));

/**
 * Whether there is a file or a folder.
 *
 * @throws what the file system throws, unless it is ENOENT.
 */
export const isThere = async (path: string): Promise<boolean> =>
  (await ifThere(stat(path))) !== undefined;

/** What a read gives; undefined when the file is absent. */
export async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
