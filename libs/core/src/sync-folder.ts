import { open } from 'node:fs/promises';

/**
 * What comes of it where a folder cannot be opened or synced: on Windows, and on some file systems
 * of networks.
 */
const cannotSync = ['EACCES', 'EINVAL', 'EISDIR', 'ENOTSUP', 'EPERM'];

/** Brings a new name in a folder to the disk, where that can be asked for. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path);
    await folder.sync().finally(() => folder.close());
  } catch (error) {
    if (!cannotSync.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
