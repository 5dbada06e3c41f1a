import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunFolder } from './run-folder.js';
import { temporaryFolder } from './testing/tiny-run.js';

const { at, remove } = temporaryFolder();
const before = process.cwd();
beforeAll(() => process.chdir(at()));
afterAll(() => {
  process.chdir(before);
  remove();
});

describe('firstFree', () => {
  it('counts on where there is something of that name, whatever it is', async () => {
    expect(await RunFolder.firstFree('digits')).toBe('runs/digits');
    expect(await RunFolder.firstFree('digits')).toBe('runs/digits-2');
    writeFileSync('runs/digits-3', 'a file');
    expect(await RunFolder.firstFree('digits')).toBe('runs/digits-4');
    rmSync('runs/digits-2', { recursive: true });
    expect(await RunFolder.firstFree('digits')).toBe('runs/digits-2');
    expect(await RunFolder.firstFree('digits-2')).toBe('runs/digits-2-2');
  });

  it('gives each of several that begin together its own', async () => {
    const folders = await Promise.all(
      Array.from({ length: 5 }, () => RunFolder.firstFree('together')),
    );
    const names = ['', '-2', '-3', '-4', '-5'].map((end) => `runs/together${end}`);
    expect(folders.sort()).toEqual(names);
  });

  it('says where it cannot be made', async () => {
    mkdirSync('elsewhere');
    process.chdir('elsewhere');
    writeFileSync('runs', 'a file');
    await expect(RunFolder.firstFree('digits')).rejects.toThrow(
      /^cannot write to the run folder runs\/digits: a file is in the way/,
    );
    process.chdir(at());
  });
});

it('removeEmpty removes a folder without files, and nothing else', async () => {
  const begun = await RunFolder.firstFree('begun');
  await RunFolder.create(begun);
  await RunFolder.removeEmpty(begun);
  expect(readdirSync('runs')).not.toContain('begun');
  await RunFolder.removeEmpty(begun);

  await RunFolder.create(begun);
  writeFileSync('runs/begun/samples/mine.gif', '');
  await RunFolder.removeEmpty(begun);
  expect(readdirSync('runs/begun/samples')).toEqual(['mine.gif']);
});
