import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { syncFolder } from '@tgan/core/node';

/**
 * Writes a file so that it is there whole or not at all: to a temporary name beside it, to the
 * disk, then renamed. A file of that name is replaced. When this is done, not even a power cut
 * takes it back, unless the file system cannot sync folders.
 *
 * @throws what the file system throws; the temporary file is removed then.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryOf(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Nobody can guess it, so that no link lies there. */
const temporaryOf = (path: string) => join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);

/** A name that {@link writeFileAtomic} gave, now or in version 0.1.0. */
const temporaryPattern = /^\.(.+)\.(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\d+-\d+)\.tmp$/;

/** Milliseconds after which a temporary file that nobody writes to is taken for left over. */
const STALE = 60_000;

/**
 * Writes a file for a user, see {@link writeFileAtomic}. What earlier calls for the same file left
 * when they were killed is removed.
 *
 * @throws what the file system throws.
 */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  await removeStale(path);
  await writeFileAtomic(path, bytes);
}

/**
 * A name beside that of a folder, to make the folder under. What earlier calls for the same folder
 * left when they were killed is removed.
 */
export async function temporaryName(path: string): Promise<string> {
  const absolute = resolve(path);
  await removeStale(absolute);
  return temporaryOf(absolute);
}

async function removeStale(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (temporaryPattern.exec(name)?.[1] !== basename(path)) continue;
    const found = await stat(join(folder, name)).catch(() => undefined); // renamed just now
    if (!found || Date.now() - found.mtimeMs < STALE) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Removes the temporary files that {@link writeFileAtomic} left in a run's folder, or in one below
 * it, when its process was killed. The run must be locked: what lies there then is nobody's.
 *
 * @throws what the file system throws, also when there is no such folder.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const path of await readdir(folder, { recursive: true })) {
    if (!temporaryPattern.test(basename(path))) continue;
    await rm(join(folder, path), { recursive: true, force: true });
  }
}

/**
 * Makes a folder and those above it that are missing. Unlike Node's recursive `mkdir` it also
 * fails, rather than hangs, in places such as /proc where no folder can be made.
 *
 * @throws what the file system throws.
 */
export async function makeFolder(path: string): Promise<void> {
  const absolute = resolve(path);
  try {
    await mkdir(absolute);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(absolute);
    if (code !== 'ENOENT' || parent === absolute) throw error;
    await makeFolder(parent);
    await mkdir(absolute);
  }
}
