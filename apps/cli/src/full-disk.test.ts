import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as files from '@tgan/files';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { runTgan } from './testing/run-tgan.js';
import { checkpointsOf, tinyRuns } from './testing/tiny-run.js';

vi.mock('@tgan/files', async (original) => {
  const real = await original<typeof files>();
  return { ...real, writeFileAtomic: vi.fn(real.writeFileAtomic) };
});
const write = vi.mocked(files.writeFileAtomic);
const { folder, tiny, remove } = tinyRuns();
afterAll(remove);
const { writeFileAtomic } = await vi.importActual<typeof files>('@tgan/files');
afterEach(() => void write.mockImplementation(writeFileAtomic));

/** From now on files of such names cannot be written. */
const fail = (code: string, name: RegExp) =>
  write.mockImplementation(async (path, bytes) => {
    if (name.test(path)) throw Object.assign(new Error(`${code}: write`), { code });
    await writeFileAtomic(path, bytes);
  });

it.each([
  ['ENOSPC', 'the disk is full', 'free some space'],
  ['EROFS', 'the file system is read-only', 'make it writable'],
  ['EACCES', 'permission is denied', 'let this user write there'],
])(
  '%s while training keeps the last good checkpoint and says what to do',
  async (code, ...says) => {
    const run = join(folder, code);
    fail(code, /step-0000010.safetensors/);
    const { status, stderr } = await runTgan('train', tiny, '--out', run);
    const [meaning, remedy] = says;
    expect(stderr).toContain(
      `tgan: cannot write to ${run}, ${meaning} (${code}); the checkpoint of step 5 is safe: ${remedy}, then tgan resume ${run}\n`,
    );
    expect(status).toBe(1);
    expect(checkpointsOf(run)).toEqual(['step-0000000.safetensors', 'step-0000005.safetensors']);
    write.mockImplementation(writeFileAtomic);
    expect((await runTgan('resume', run)).status).toBe(0);
  },
);

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
