import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventFileWriter } from '@tgan/event-files';
import * as files from '@tgan/runs';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { RunFolder } from './run-folder.js';
import { storing } from './storage.js';
import { runTgan } from './testing/run-tgan.js';
import { checkpointsOf, tinyRuns } from './testing/tiny-run.js';

vi.mock('@tgan/runs', async (original) => {
  const real = await original<typeof files>();
  return { ...real, writeFileAtomic: vi.fn(real.writeFileAtomic) };
});
const write = vi.mocked(files.writeFileAtomic);
const { folder, tiny, remove } = tinyRuns();
afterAll(remove);
const { writeFileAtomic } = await vi.importActual<typeof files>('@tgan/runs');
afterEach(() => void write.mockImplementation(writeFileAtomic));

/** From now on files of such names cannot be written. */
const fail = (code: string, name: RegExp) =>
  write.mockImplementation(async (path, bytes) => {
    if (name.test(path)) throw Object.assign(new Error(`${code}: write`), { code });
    await writeFileAtomic(path, bytes);
  });

it('a full disk keeps the last good checkpoint and says what to do', async () => {
  const run = join(folder, 'full');
  fail('ENOSPC', /step-0000010.safetensors/);
  const { status, stderr } = await runTgan('train', tiny, '--out', run);
  expect(stderr).toContain(
    `tgan: cannot write to ${run}, the disk is full (ENOSPC); the checkpoint of step 5 is safe: free some space, then tgan resume ${run}\n`,
  );
  expect(status).toBe(1);
  expect(checkpointsOf(run)).toEqual(['step-0000000.safetensors', 'step-0000005.safetensors']);
  write.mockImplementation(writeFileAtomic);
  expect((await runTgan('resume', run)).status).toBe(0);
});

it.each([
  ['EROFS', 'the file system is read-only (EROFS); .*: make it writable and'],
  ['EACCES', 'permission is denied (EACCES); .*: let this user write there and'],
])('%s is told as plainly', async (code, message) => {
  const run = await RunFolder.create(join(folder, code));
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
  const { status, stderr } = await runTgan('train', tiny, '--out', join(folder, 'events'));
  for (const spy of spies) spy.mockRestore();
  expect(stderr).toMatch(/the disk is full \(ENOSPC\); the checkpoint of step 0 is safe/);
  expect(status).toBe(1);
});

it('a disk that is full from the start leaves no run', async () => {
  const run = join(folder, 'none');
  fail('ENOSPC', /safetensors/);
  const { status, stderr } = await runTgan('train', tiny, '--out', run);
  expect(stderr).toMatch(/there is no checkpoint yet: free some space and begin again\n$/);
  expect(status).toBe(1);
  write.mockImplementation(writeFileAtomic);
  expect((await runTgan('train', tiny, '--out', run)).status).toBe(0);
});

it('a folder that is gone is told too', async () => {
  const run = join(folder, 'gone');
  await runTgan('train', tiny, '--out', run);
  rmSync(join(run, 'samples'), { recursive: true });
  writeFileSync(join(run, 'samples'), 'a file in its place');
  const { status, stderr } = await runTgan('resume', run, '--steps', '13');
  expect(stderr).toMatch(/a file is in the way \(ENOTDIR\); the checkpoint of step 12 is safe/);
  expect(status).toBe(1);
});
