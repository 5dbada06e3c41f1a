import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionsError, Random } from '@tgan/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sourceConfig } from './batch-worker.js';
import { movingMnist } from './moving-mnist.js';
import { preparePacked } from './prepare.js';
import { datasets, type DatasetContext } from './registries.js';
import { videosOf } from './video-set.js';

const context: DatasetContext = { frames: 4, imageSize: 32, channels: 1, labeled: false, seed: 5 };

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tgan-registry-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('datasets', () => {
  it('makes Moving MNIST of the size, labels and seed that the context asks for', async () => {
    const source = await datasets.create('moving-mnist', { digits: 1 }, context);
    expect(source.clip).toEqual({ frames: 4, height: 32, width: 32, channels: 1 });
    expect(source.classes).toBeUndefined();
    const own = movingMnist({ digits: 1, frames: 4, imageSize: 32, seed: 5 });
    const random = new Random(0);
    expect(await source.read(3, random)).toEqual(await own.read(3, random));

    const labeled = await datasets.create(
      'moving-mnist',
      { digits: 1 },
      { ...context, labeled: true },
    );
    expect(labeled.classes).toHaveLength(10);
    const two = datasets.create('moving-mnist', {}, { ...context, labeled: true });
    await expect(two).rejects.toThrow(/digits: labeled clips have 1 digit/);
  });

  it('opens a packed file, and says so when none is named', async () => {
    const path = join(folder, 'clips.tgan');
    const set = videosOf(movingMnist({ size: 3, frames: 6, imageSize: 32 }));
    await preparePacked(set, path, { minFrames: 6 });
    const source = await datasets.create('packed', { data: path, augment: true }, context);
    expect(source.size).toBe(3);
    expect(source.clip.frames).toBe(4);
    expect(source.provenance).toMatchObject({ augment: true });
    await source.close!();
    const unnamed = datasets.create('packed', {}, context);
    await expect(unnamed).rejects.toThrow(OptionsError);
    await expect(unnamed).rejects.toThrow(/packed: data: expected the path of a packed file/);
  });

  it('loads no decoder, HDF5 or tensors when it is imported', () => {
    const program = `
      const { runnerImport } = await import('vite');
      const { dependencies } = await runnerImport(process.argv[1], ${sourceConfig});
      const { cache } = (await import('node:module')).createRequire(process.cwd() + '/');
      console.log(JSON.stringify([...dependencies, ...Object.keys(cache)]));`;
    const module = fileURLToPath(new URL('./registries.ts', import.meta.url));
    const args = ['--input-type=module', '-e', program, module];
    const loaded = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    expect(loaded).toContainEqual(expect.stringMatching(/datasets\/src\/packed\.ts$/));
    const heavy = (path: string) => /tfjs|h5wasm|[/\\]sharp[/\\]|video-io/.test(path);
    expect(loaded.filter(heavy)).toEqual([]);
  });
});
