import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { formatNpy } from '@tgan/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BatchWorker, sourceConfig } from './batch-worker.js';
import type { ClipBatch } from './batches.js';
import { ClipLoader, type ClipLoaderOptions } from './clip-loader.js';
import type { ClipSource } from './clip-source.js';
import { DatasetError } from './error.js';
import { movingMnist } from './moving-mnist.js';
import { movingMnistFile } from './moving-mnist-file.js';
import { packed } from './packed.js';
import { preparePacked } from './prepare.js';
import { rethrown, thrown } from './thrown.js';
import type { VideoSet } from './video-set.js';

let folder: string;
let path: string;

/** Videos of colorful noise with labels, the first one short. */
const set: VideoSet = {
  frame: { height: 6, width: 9, channels: 3 },
  crop: { top: 1, left: 2, height: 4, width: 4 },
  classes: ['a', 'b', 'c'],
  provenance: { set: 'noise' },
  videos: Array.from({ length: 12 }, (_, video) => ({
    name: `video ${video}`,
    label: video % 3,
    async *frames() {
      for (let t = 0; t < 5 + video; t++) {
        yield Uint8Array.from({ length: 6 * 9 * 3 }, (_, i) => (video * 31 + t * 57 + i * i) & 255);
      }
    },
  })),
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tgan-worker-'));
  path = join(folder, 'noise.tgan');
  await preparePacked(set, path, { minFrames: 1 });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function take(source: ClipSource, options: ClipLoaderOptions, count: number) {
  const batches: ClipBatch[] = [];
  for await (const batch of new ClipLoader(source, options)) {
    if (batches.push(batch) === count) break;
  }
  return batches;
}

describe('ClipLoader with a worker', () => {
  it('gives the batches that it gives without one, bit for bit', async () => {
    const digits = Uint8Array.from({ length: 7 * 9 * 8 * 8 }, (_, i) => (i * i) & 255);
    const npy = join(folder, 'mnist.npy');
    writeFileSync(npy, formatNpy({ type: 'u1', shape: [7, 9, 8, 8], data: digits }));
    const sources = [
      await packed(path, { frames: 5 }),
      await packed(path, { frames: 5, augment: true }),
      await movingMnistFile(npy, { frames: 4 }),
      movingMnist({ seed: 3, frames: 2, imageSize: 32 }),
      movingMnist({ seed: 3, frames: 2, digits: 1, labeled: true, size: 9 }),
    ];
    for (const source of sources) {
      const options = { batchSize: 4, seed: 5, position: 1, part: { index: 1, of: 2 } };
      const here = await take(source, options, 7);
      const there = await take(source, { ...options, worker: true }, 7);
      expect(there).toEqual(here);
      for (const { clips } of there) expect(clips.byteLength).toBe(clips.buffer.byteLength);
      await source.close?.();
    }
  });

  it('throws what the source throws, of the same class, at that batch', async () => {
    const cut = join(folder, 'cut.tgan');
    await preparePacked(set, cut, { minFrames: 1 });
    const source = await packed(cut, { frames: 5 });
    const options = { batchSize: 1, shuffle: false, worker: true, prefetch: 0 };
    const batches = new ClipLoader(source, options)[Symbol.asyncIterator]();
    expect((await batches.next()).value.position).toBe(1);
    truncateSync(cut, 16 + 5 * 162); // all but the first video
    const error = await batches.next().catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DatasetError);
    expect((error as Error).message).toMatch(/cut.tgan: cut short: \d+ bytes are wanted/);
    expect((await batches.next()).done).toBe(true);
    await source.close!();
  });

  it('notices that the file has become another one', async () => {
    const other = join(folder, 'other.tgan');
    await preparePacked(set, other, { minFrames: 1 });
    const source = await packed(other, { frames: 5 });
    rmSync(other);
    await expect(take(source, { batchSize: 2, worker: true }, 1)).rejects.toThrow(
      /other.tgan: cannot be opened/,
    );
    await preparePacked({ ...set, provenance: { set: 'loud noise' } }, other, { minFrames: 1 });
    await expect(take(source, { batchSize: 2, worker: true }, 1)).rejects.toThrow(
      /other.tgan: is another file than it was when it was opened/,
    );
    await source.close!();
  });

  it('asks for so many batches ahead, and no more', async () => {
    const asked = vi.spyOn(BatchWorker.prototype, 'at');
    const source = movingMnist({ frames: 1, imageSize: 32 });
    await take(source, { batchSize: 1, worker: true, prefetch: 3 }, 4);
    expect(asked.mock.calls.map(([used]) => used)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    asked.mockRestore();
  });

  it('ends its thread when the caller stops, and says so when it has ended by itself', async () => {
    const ended = vi.spyOn(Worker.prototype, 'terminate');
    const asked = vi.spyOn(Worker.prototype, 'postMessage');
    const source = movingMnist({ frames: 1, imageSize: 32 });
    await take(source, { batchSize: 1, worker: true }, 2);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(await ended.mock.results[0].value).toBe(1); // its exit code

    const loader = new ClipLoader(source, { batchSize: 1, worker: true, prefetch: 0 });
    const batches = loader[Symbol.asyncIterator]();
    await batches.next();
    await (asked.mock.contexts.at(-1) as Worker).terminate();
    await expect(batches.next()).rejects.toThrow('ClipLoader: its worker has ended');
    vi.restoreAllMocks();
  });

  it('refuses sources that no other thread can open', () => {
    const digits = { count: 1, size: 8, pixels: new Uint8Array(64) };
    const own = movingMnist({}, digits);
    expect(() => new ClipLoader(own, { worker: true })).toThrow(DatasetError);
    expect(() => new ClipLoader(own, { worker: true })).toThrow(/leave `worker` out/);
  });

  it('keeps the process alive while a batch is awaited, and not otherwise', async () => {
    const program = `
      const { runnerImport } = await import('vite');
      const { module } = await runnerImport(process.argv[1], ${sourceConfig});
      const source = module.movingMnist({ frames: 1, imageSize: 32 });
      const batches = new module.ClipLoader(source, { worker: true, prefetch: 8 })[Symbol.asyncIterator]();
      await batches.next();
      await batches.next();
      console.log('two batches');`;
    const index = fileURLToPath(new URL('./index.ts', import.meta.url));
    const args = ['--input-type=module', '-e', program, index];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (text) => (said += text));
    expect(await once(child, 'close')).toEqual([0, null]); // hangs here if it were kept alive
    expect(said).toBe('two batches\n');
  });
});

describe('errors between threads', () => {
  it('keep class, message, stack, code and cause', () => {
    const cause = Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    for (const error of [
      new DatasetError('a', { cause }),
      new RangeError('b', { cause: new TypeError('c') }),
      new Error('d', { cause: 'e' }),
      cause,
    ]) {
      const copy = rethrown(structuredClone(thrown(error)));
      expect(copy.constructor).toBe(error.constructor);
      const { message, stack } = error;
      expect(copy).toMatchObject({ message, stack });
      expect((copy as NodeJS.ErrnoException).code).toBe((error as NodeJS.ErrnoException).code);
      expect((copy.cause as Error)?.message).toBe((error.cause as Error)?.message ?? error.cause);
    }
  });
});
