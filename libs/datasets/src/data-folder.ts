import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { DatasetError } from './error.js';

/** No list or index of a data set that is read here comes near this; a larger one is something else. */
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
 * @throws DatasetError when it is not there, or a link leads out of the folder.
 */
export async function realInside(folder: string, name: string): Promise<string> {
  const path = inside(folder, name);
  let real: string;
  try {
    real = await realpath(path);
  } catch (cause) {
    throw new DatasetError('there is no such file', { cause });
  }
  if (!contains(await realpath(folder), real)) {
    throw new DatasetError('a link leads out of the data folder');
  }
  return real;
}

/** The text of a list. @throws DatasetError when it cannot be read or is too large for one. */
export async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > largestText) throw new DatasetError(`${path}: ${size} bytes are no list of videos`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw new DatasetError(`${path}: cannot be read: ${(cause as Error).message}`, { cause });
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

const contains = (folder: string, path: string) => {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};
