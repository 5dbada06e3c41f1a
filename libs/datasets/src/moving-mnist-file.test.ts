import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatNpy, Random } from '@tgan/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipSource } from './clip-source.js';
import { DatasetError } from './error.js';
import { movingMnistFile } from './moving-mnist-file.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tgan-npy-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file whose every pixel tells its frame and video. */
function file(name: string, [time, count, height, width]: number[]): string {
  const data = new Uint8Array(time * count * height * width);
  for (let i = 0; i < data.length; i++) {
    const frame = Math.floor(i / (height * width));
    data[i] = 10 * (frame % count) + Math.floor(frame / count);
  }
  const path = join(folder, name);
  writeFileSync(path, formatNpy({ type: 'u1', shape: [time, count, height, width], data }));
  return path;
}

describe('movingMnistFile', () => {
  it('reads any window of any video, and all starts come up equally often', async () => {
    const source = await movingMnistFile(file('all.npy', [20, 3, 4, 5]), { frames: 16 });
    expect(source).toMatchObject({
      size: 3,
      clip: { frames: 16, height: 4, width: 5, channels: 1 },
    });
    const starts = [0, 0, 0, 0, 0];
    for (let draw = 0; draw < 2000; draw++) {
      const index = draw % 3;
      const clip = await source.read(index, new Random(draw));
      expect(clip).toHaveLength(16 * 20);
      const start = clip[0] - 10 * index;
      for (let i = 0; i < clip.length; i += 19) {
        expect(clip[i]).toBe((10 * index + start + Math.floor(i / 20)) & 255);
      }
      starts[start]++;
    }
    for (const times of starts) expect(Math.abs(times - 400)).toBeLessThan(90); // 5 sigma
    await source.close!();
  });

  it('opens and reads a file of 800 MB without reading it all', async () => {
    // The published file's size, but sparse: only a header is on the disk.
    const path = join(folder, 'sparse.npy');
    const header = formatNpy({ type: 'u1', shape: [1], data: new Uint8Array(1) }).slice(0, 128);
    const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (20, 10000, 64, 64), }";
    header.set(Buffer.from(text.padEnd(117) + '\n', 'latin1'), 10);
    writeFileSync(path, header);
    truncateSync(path, 128 + 20 * 10_000 * 4096);
    const before = process.memoryUsage().rss;
    const source = await movingMnistFile(path);
    expect(source.size).toBe(10_000);
    for (const index of [0, 9_999])
      expect(await source.read(index, new Random(1))).toHaveLength(65_536);
    expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
    expect(statSync(path).size).toBe(819_200_128);
    await source.close!();
  });

  it('says what is wrong with a file', async () => {
    const write = (name: string, bytes: Uint8Array) => {
      writeFileSync(join(folder, name), bytes);
      return movingMnistFile(join(folder, name));
    };
    await expect(movingMnistFile(join(folder, 'none.npy'))).rejects.toThrow(
      /none.npy: cannot be opened: there is no such file/,
    );
    await expect(movingMnistFile(folder)).rejects.toThrow(/is not a file/);
    await expect(write('text.npy', Buffer.from('not numpy at all'))).rejects.toThrow(/magic bytes/);
    const floats = formatNpy({ type: 'f4', shape: [1, 1, 1, 1], data: new Float32Array(1) });
    await expect(write('f4.npy', floats)).rejects.toThrow(
      /f4 of 1 x 1 x 1 x 1; Moving MNIST is u1/,
    );
    const short = file('short.npy', [20, 3, 4, 5]);
    await expect(movingMnistFile(short, { frames: 21 })).rejects.toThrow(/20 frames, 21 are asked/);
    truncateSync(short, 1000);
    await expect(movingMnistFile(short)).rejects.toThrow(
      /cut short: .* needs 1328 bytes.* has 1000/,
    );
    const shrunk = file('shrunk.npy', [20, 3, 4, 5]);
    const source = await movingMnistFile(shrunk, { frames: 20 });
    truncateSync(shrunk, 1000); // while it is open
    await expect(source.read(2, new Random(1))).rejects.toThrow(/cut short/);
    await expect(source.read(3, new Random(1))).rejects.toThrow(/no clip 3 among 3/);
    await source.close!();
  });

  it('answers 10,000 damaged files with a DatasetError or clips', async () => {
    const whole = formatNpy({ type: 'u1', shape: [3, 2, 2, 2], data: new Uint8Array(24) });
    const path = join(folder, 'fuzz.npy');
    const edits = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 });
    const digits = fc.tuple(fc.integer({ min: 60, max: 90 }), fc.constantFrom(48, 49, 50, 57, 44));
    await fc.assert(
      fc.asyncProperty(
        edits,
        fc.array(digits, { maxLength: 3 }),
        fc.nat(whole.length),
        async (bytes, shape, cut) => {
          const broken = whole.slice(0, whole.length - (cut % 3 ? 0 : cut));
          for (const [at, byte] of [...bytes, ...shape]) if (at < broken.length) broken[at] = byte;
          writeFileSync(path, broken);
          let source: ClipSource | undefined;
          try {
            source = await movingMnistFile(path, { frames: 2 });
            expect(await source.read(0, new Random(cut))).toBeInstanceOf(Uint8Array);
          } catch (error) {
            expect(error).toBeInstanceOf(DatasetError);
          } finally {
            await source?.close!();
          }
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
