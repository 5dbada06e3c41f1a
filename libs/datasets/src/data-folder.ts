import { constants } from 'node:fs';
import { open, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileReason } from '@tgan/core/node';
import { DatasetError } from './error.js';

/**
 * No list or index of a data set that is read here comes near this; a larger one is something else.
 */
const largestText = 2 ** 26;

/**
 * The place of a file in a data set's folder, by the name that a list gives it.
 *
 * @throws DatasetError when the name leaves the folder.
 */
export function inside(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (isAbsolute(name) || name.includes('\0') || !contains(resolve(folder), path)) {
    throw new DatasetError(`${JSON.stringify(name.slice(0, 120))} leaves the data folder`);
  }
  return path;
}

/**
 * The real place of a file, where links have been followed.
 *
 * @param followLinks - whether a link may lead out of the folder.
 * @throws DatasetError when it is not there or no regular file, or a link leads out of the folder.
 */
export async function realInside(
  folder: string,
  name: string,
  followLinks = false,
): Promise<string> {
  const path = inside(folder, name);
  try {
    const real = await realpath(path);
    if (!followLinks && !contains(await realpath(folder), real)) {
      throw new DatasetError('a link leads out of the data folder');
    }
    // Whoever opens a pipe waits for its other end.
    if (!(await stat(real)).isFile()) throw new DatasetError('it is no regular file');
    return real;
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(plainReason(cause), { cause });
  }
}

/** What the file system says, in words for a person. */
export function plainReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    ENOTDIR: 'there is no such file',
    EACCES: 'it may not be read: the permission is missing',
    EPERM: 'it may not be read: the permission is missing',
    ELOOP: 'a link leads back to itself',
    EISDIR: 'it is a folder',
    ENAMETOOLONG: 'its name is too long',
    EMFILE: 'too many files are open',
    EIO: 'the disk cannot read it',
  };
  return reasons[code ?? ''] ?? fileReason(error);
}

/** The first bytes of a file; none when it is no regular file. A pipe is not waited for. */
export async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFile()) return Buffer.alloc(0);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The text of a list. @throws DatasetError when it cannot be read or is too large for one. */
export async function readText(path: string): Promise<string> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new DatasetError(`${path}: it is no regular file`);
    if (stats.size > largestText)
      throw new DatasetError(`${path}: ${stats.size} bytes are no list of videos`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(`${path}: cannot be read: ${plainReason(cause)}`, { cause });
  }
}

/** The lines of a list that are not empty, with their numbers for messages. */
export function linesOf(text: string): { line: string; number: number }[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== '');
}

/** The size of a file in bytes; undefined when it is not there. */
export const bytesOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );

/** `names.map(make)`, not too many at once. */
export async function mapInChunks<T, R>(
  items: readonly T[],
  make: (item: T) => Promise<R>,
): Promise<R[]> {
  const made: R[] = [];
  for (let start = 0; start < items.length; start += 256) {
    made.push(...(await Promise.all(items.slice(start, start + 256).map(make))));
  }
  return made;
}

/** The first of some folders that is there, or undefined. */
export async function firstFolder(root: string, names: readonly string[]) {
  for (const name of names) {
    const path = join(root, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return path;
  }
  return undefined;
}

/** Whether a path is below a folder. */
export const contains = (folder: string, path: string) => {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};
