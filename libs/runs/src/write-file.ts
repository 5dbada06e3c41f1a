import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

let written = 0;

/**
 * Writes a file so that it is there whole or not at all: to a temporary name beside it, to the disk, then
 * renamed. A file of that name is replaced. When this is done, not even a power cut takes it back, unless the
 * file system cannot sync folders.
 *
 * @throws what the file system throws; the temporary file is removed then.
 */
export async function writeFileAtomic(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${written++}.tmp`);
  try {
    const file = await open(temporary, 'w');
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

/** What comes of it where a folder cannot be opened or synced: on Windows, and on some file systems of networks. */
const cannotSync = ['EACCES', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'];

/** Brings a new name in a folder to the disk, where that can be asked for. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path);
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    if (!cannotSync.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/**
 * Removes the temporary files that {@link writeFileAtomic} left in a folder, or in one below it, when its process
 * was killed. Those of processes that still run stay.
 *
 * @throws what the file system throws, also when there is no such folder.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const path of await readdir(folder, { recursive: true })) {
    const pid = /^\..+\.(\d+)-\d+\.tmp$/.exec(basename(path))?.[1];
    if (pid && !isRunning(Number(pid))) await rm(join(folder, path), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Makes a folder and those above it that are missing. Unlike Node's recursive `mkdir` it also fails, rather than
 * hangs, in places such as /proc where no folder can be made.
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
