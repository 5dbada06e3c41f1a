import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { EventFileWriter } from '@tgan/event-files';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { RunFolder } from './run-folder.js';
import { StorageError, storing } from './storage.js';
import { temporaryFolder, tinyConfig } from './testing/tiny-run.js';
import { resume, train } from './train.js';
import * as files from './write-file.js';

vi.mock('./write-file.js', async (original) => {
  const real = await original<typeof files>();
  return { ...real, writeFileAtomic: vi.fn(real.writeFileAtomic) };
});
const write = vi.mocked(files.writeFileAtomic);
const { at, remove } = temporaryFolder();
afterAll(remove);
const { writeFileAtomic } = await vi.importActual<typeof files>('./write-file.js');
afterEach(() => void write.mockImplementation(writeFileAtomic));

const begin = (name: string) => train(tinyConfig, { folder: at(name) });
const checkpointsOf = (name: string) => readdirSync(at(name, 'checkpoints')).sort();

/** From now on files of such names cannot be written. */
const fail = (code: string, name: RegExp) =>
  write.mockImplementation(async (path, bytes) => {
    if (name.test(path)) throw Object.assign(new Error(`${code}: write`), { code });
    await writeFileAtomic(path, bytes);
  });

it('a full disk keeps the last good checkpoint and says what to do', async () => {
  fail('ENOSPC', /step-0000010.safetensors/);
  const run = at('full');
  await expect(begin('full')).rejects.toThrow(
    new StorageError(
      `cannot write to ${run}, the disk is full (ENOSPC); the checkpoint of step 5 is safe: free some space, then tgan resume ${run}`,
    ),
  );
  expect(checkpointsOf('full')).toEqual(['step-0000000.safetensors', 'step-0000005.safetensors']);
  write.mockImplementation(writeFileAtomic);
  expect(await resume(run)).toMatchObject({ stepsDone: 12 });
});

it.each([
  ['EROFS', 'the file system is read-only (EROFS); .*: make it writable and'],
  ['EACCES', 'permission is denied (EACCES); .*: let this user write there and'],
])('%s is told as plainly', async (code, message) => {
  const run = await RunFolder.create(at(code));
  const error = Object.assign(new Error('write'), { code });
  const failing = storing(run, () => Promise.reject(new Error('wrapped', { cause: error })));
  await expect(failing).rejects.toThrow(new RegExp(message.replace(/[()]/g, '\\$&')));
  await expect(storing(run, () => Promise.reject(new Error('a bug')))).rejects.toThrow(/^a bug$/);
});

it('a disk that is full where it is not checkpoints that are written, too', async () => {
  const full = Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' });
  const { prototype } = EventFileWriter;
  const spies = [vi.spyOn(prototype, 'flush'), vi.spyOn(prototype, 'close')];
  for (const spy of spies) spy.mockRejectedValue(full);
  const failing = begin('events');
  await expect(failing).rejects.toThrow(
    /the disk is full \(ENOSPC\); the checkpoint of step 0 is safe/,
  );
  await expect(failing).rejects.toThrow(StorageError);
  for (const spy of spies) spy.mockRestore();
});

it('a disk that is full from the start leaves no run', async () => {
  fail('ENOSPC', /safetensors/);
  await expect(begin('none')).rejects.toThrow(
    /there is no checkpoint yet: free some space and begin again$/,
  );
  write.mockImplementation(writeFileAtomic);
  expect(await begin('none')).toMatchObject({ stepsDone: 12 });
});

it('a folder that is gone is told too', async () => {
  await begin('gone');
  rmSync(at('gone', 'samples'), { recursive: true });
  writeFileSync(at('gone', 'samples'), 'a file in its place');
  await expect(resume(at('gone'), { changes: { steps: 13 } })).rejects.toThrow(
    /a file is in the way \(ENOTDIR\); the checkpoint of step 12 is safe/,
  );
});
