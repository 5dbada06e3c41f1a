import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFileAtomic } from './write-file.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'tgan-'))));
afterAll(() => rm(folder, { recursive: true }));

describe('writeFileAtomic', () => {
  it('writes and replaces a file, and leaves nothing else', async () => {
    const path = join(folder, 'sample.gif');
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    await writeFileAtomic(path, Uint8Array.of(4));
    expect([...(await readFile(path))]).toEqual([4]);
    expect(await readdir(folder)).toEqual(['sample.gif']);
  });

  it('leaves nothing behind where it fails', async () => {
    await mkdir(join(folder, 'taken', 'inside'), { recursive: true });
    const before = await readdir(folder);
    await expect(writeFileAtomic(join(folder, 'taken'), Uint8Array.of(1))).rejects.toThrow();
    await expect(writeFileAtomic(join(folder, 'no', 'x'), Uint8Array.of(1))).rejects.toThrow(
      /ENOENT/,
    );
    expect(await readdir(folder)).toEqual(before);
  });
});
