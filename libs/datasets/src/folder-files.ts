import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { contains, firstBytes, mapInChunks, plainReason } from './data-folder.js';
import { DatasetError } from './error.js';
import { isPackersFile } from './pack-writer.js';
import { byCode } from './video-set.js';

/** Something that lies in a folder. */
export interface FoundFile {
  /** From the folder, with slashes. */
  readonly name: string;
  /** Why it cannot be a video. */
  readonly problem?: string;
}

/**
 * What lies in a folder and its sub-folders, in the order of the names. Hidden files are left out, and
 * so are those that `preparePacked` writes.
 *
 * A linked folder is entered when it lies in the folder, or anywhere with `followLinks`. Links inside a
 * linked folder are not entered, so that no web of links is walked for ever.
 *
 * @throws DatasetError when the folder itself cannot be read.
 */
export async function filesIn(folder: string, followLinks: boolean): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  let root: string;
  try {
    root = await realpath(folder);
    await walk('', false);
  } catch (cause) {
    throw new DatasetError(`${folder}: cannot be read: ${plainReason(cause)}`, { cause });
  }
  const checked = await mapInChunks(found, async (file) => {
    const own = !file.problem && (await isOwn(join(folder, file.name)));
    return own ? [] : [file];
  });
  return checked.flat().sort((a, b) => byCode(a.name, b.name));

  async function walk(way: string, linked: boolean): Promise<void> {
    const entries = await readdir(join(folder, way), { withFileTypes: true, encoding: 'buffer' });
    for (const entry of entries) {
      const bytes = entry.name as unknown as Buffer;
      const text = bytes.toString('utf8');
      if (text.startsWith('.')) continue;
      const name = way ? `${way}/${text}` : text;
      if (!Buffer.from(text).equals(bytes)) {
        found.push({ name, problem: 'its name is not UTF-8: rename it' });
      } else if (entry.isSymbolicLink()) await follow(name, linked);
      else if (entry.isDirectory()) await enter(name, linked);
      else if (entry.isFile()) found.push({ name });
      else found.push({ name, problem: 'it is no regular file' });
    }
  }

  async function enter(name: string, linked: boolean): Promise<void> {
    try {
      await walk(name, linked);
    } catch (error) {
      found.push({ name, problem: `the folder cannot be read: ${plainReason(error)}` });
    }
  }

  async function follow(name: string, linked: boolean): Promise<void> {
    const path = join(folder, name);
    try {
      // A linked file is looked at when its turn comes.
      if (!(await stat(path)).isDirectory()) return void found.push({ name });
      const real = await realpath(path);
      const parent = await realpath(join(path, '..'));
      const back = parent === real || contains(real, parent);
      let problem: string | undefined;
      if (!followLinks && real !== root && !contains(root, real)) {
        problem = 'a link leads out of the data folder';
      } else if (back) problem = 'a link leads back to a folder that it is in';
      else if (linked) problem = 'a link in a linked folder is not followed';
      if (problem) found.push({ name, problem });
      else await enter(name, true);
    } catch (error) {
      found.push({ name, problem: plainReason(error) });
    }
  }
}

/** Whether a file is one that `preparePacked` writes. What cannot be read is not. */
async function isOwn(path: string): Promise<boolean> {
  return isPackersFile(path, await firstBytes(path, 16).catch(() => Buffer.from('?')));
}
