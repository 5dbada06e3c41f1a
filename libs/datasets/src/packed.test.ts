import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '@tgan/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClipLoader } from './clip-loader.js';
import type { ClipSource } from './clip-source.js';
import { DatasetError } from './error.js';
import { packed, readPackedInfo, verifyPacked } from './packed.js';
import { preparePacked } from './prepare.js';
import type { VideoSet } from './video-set.js';

let folder: string;
let path: string;

const [height, width] = [4, 6];
const lengths = [5, 3, 9, 4];

/** A pixel that tells its video, frame, row and column. */
const pixel = (video: number, t: number, y: number, x: number) => [video * 16 + t, y * 16 + x, 7];

const set: VideoSet = {
  frame: { height, width, channels: 3 },
  crop: { top: 1, left: 2, height: 2, width: 3 },
  classes: ['a', 'b', 'c'],
  provenance: { set: 'numbered', split: 1 },
  videos: lengths.map((frames, video) => ({
    name: `video ${video}`,
    label: video % 3,
    async *frames() {
      for (let t = 0; t < frames; t++) {
        const rows = Array.from({ length: height * width }, (_, i) =>
          pixel(video, t, Math.floor(i / width), i % width),
        );
        yield Uint8Array.from(rows.flat());
      }
    },
  })),
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tgan-packed-'));
  path = join(folder, 'numbered.tgan');
  await preparePacked(set, path, { minFrames: 1 });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads off a clip where it was taken from, and checks that all of its pixels are from there. */
function whereFrom(clip: Uint8Array, frames: number, rows: number, columns: number) {
  const start = { video: clip[0] >> 4, t: clip[0] & 15, y: clip[1] >> 4, x: clip[1] & 15 };
  const mirror = (clip[4] & 15) < start.x;
  for (let t = 0; t < frames; t++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const at = ((t * rows + y) * columns + x) * 3;
        const column = start.x + (mirror ? -x : x);
        const expected = pixel(start.video, start.t + t, start.y + y, column);
        expect([...clip.subarray(at, at + 3)]).toEqual(expected);
      }
    }
  }
  return { ...start, x: mirror ? start.x - columns + 1 : start.x, mirror };
}

describe('packed', () => {
  it('gives the crop of any window of each long enough video', async () => {
    const source = await packed(path, { frames: 4 });
    expect(source.size).toBe(3); // video 1 has 3 frames
    expect(source.clip).toEqual({ frames: 4, height: 2, width: 3, channels: 3 });
    expect(source.classes).toEqual(['a', 'b', 'c']);
    expect([0, 1, 2].map((index) => source.label!(index))).toEqual([0, 2, 0]);
    expect(source.provenance).toMatchObject({ set: 'numbered', split: 1, augment: false });
    const starts = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const clip = await source.read(seed % 3, new Random(seed));
      const { video, t, y, x, mirror } = whereFrom(clip, 4, 2, 3);
      expect([video, y, x, mirror]).toEqual([[0, 2, 3][seed % 3], 1, 2, false]);
      starts.add(`${video}:${t}`);
    }
    // Every start there is: 2 of five frames, 6 of nine, 1 of four.
    expect(starts.size).toBe(2 + 6 + 1);
    await source.close!();
  });

  it('augments by the place of the crop and by mirroring', async () => {
    const source = await packed(path, { frames: 9, augment: true });
    const seen = new Map<string, number>();
    let mirrored = 0;
    for (let seed = 0; seed < 600; seed++) {
      const clip = await source.read(0, new Random(seed));
      const { y, x, mirror } = whereFrom(clip, 9, 2, 3);
      seen.set(`${y}:${x}`, (seen.get(`${y}:${x}`) ?? 0) + 1);
      if (mirror) mirrored++;
    }
    expect(seen.size).toBe(3 * 4);
    for (const times of seen.values()) expect(Math.abs(times - 50)).toBeLessThan(35);
    expect(Math.abs(mirrored - 300)).toBeLessThan(65);
    await source.close!();
  });

  it('is loaded in batches with labels', async () => {
    const source = await packed(path, { frames: 3, augment: true });
    for await (const { clips, labels, shape } of new ClipLoader(source, { batchSize: 4 })) {
      expect(shape).toEqual([4, 3, 2, 3, 3]);
      labels!.forEach((label, i) => {
        const video = (clips[i * 54] * 128 + 128) >> 4;
        expect(label).toBe(video % 3);
      });
      break;
    }
    await source.close!();
  });

  it('tells what is inside, and finds damaged frames', async () => {
    const info = await readPackedInfo(path);
    expect(info.videos.map(({ frames }) => frames)).toEqual(lengths);
    expect(info).toMatchObject({ frame: set.frame, crop: set.crop, unusable: [] });
    const bytes = readFileSync(path);
    bytes[16 + 5 * height * width * 3 + 10] ^= 1; // in the second video
    const damaged = join(folder, 'damaged.tgan');
    writeFileSync(damaged, bytes);
    await expect(verifyPacked(damaged)).rejects.toThrow(
      /frames of 1 of 4 videos are damaged: video 1; prepare it again/,
    );
    const seen: string[] = [];
    await verifyPacked(path, (done, of) => seen.push(`${done}/${of}`));
    expect(seen).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });

  it('says what is wrong with a file', async () => {
    const other = join(folder, 'other.tgan');
    const attempt = (bytes: Uint8Array) => {
      writeFileSync(other, bytes);
      return packed(other);
    };
    const bytes = readFileSync(path);
    await expect(attempt(Buffer.from('x'))).rejects.toThrow(/too short for a packed file/);
    await expect(attempt(new Uint8Array(1000))).rejects.toThrow(/not a packed file of clips/);
    await expect(attempt(bytes.subarray(0, -20))).rejects.toThrow(/cut short, or never finished/);
    const newer = Buffer.from(bytes);
    newer[8] = 2;
    await expect(attempt(newer)).rejects.toThrow(/version 2; version 1 is read here/);
    await expect(packed(path)).rejects.toThrow(/none of its 4 videos has 16 frames/);
    await expect(packed(path, { frames: 0 })).rejects.toThrow(/frames: .*got 0/);

    writeFileSync(other, bytes);
    const source = await packed(other, { frames: 3 });
    truncateSync(other, 100); // while it is open
    await expect(source.read(3, new Random(1))).rejects.toThrow(/cut short/);
    await expect(source.read(4, new Random(1))).rejects.toThrow(/no clip 4 among 4/);
    await source.close!();
  });

  it('answers 10,000 damaged files with a DatasetError or clips', async () => {
    const bytes = readFileSync(path);
    const fuzzed = join(folder, 'fuzz.tgan');
    const indexAt = Number(bytes.readBigUInt64LE(bytes.length - 56));
    const index = bytes.toString('latin1', indexAt, bytes.length - 56);
    const numbers = [...index.matchAll(/\d+/g)].map((match) => match.index);
    const edit = fc.oneof(
      fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)),
      fc.tuple(fc.integer({ min: indexAt, max: bytes.length - 1 }), fc.nat(255)),
      // A digit of a number in the index: the lies that still are JSON.
      fc.tuple(
        fc.constantFrom(...numbers.map((at) => indexAt + at)),
        fc.constantFrom(48, 49, 57, 45, 101),
      ),
    );
    let opened = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.nat(400),
        async (edits, signed, cut) => {
          let broken = Buffer.from(bytes);
          for (const [at, byte] of edits) broken[at] = byte;
          if (signed) {
            // The checksum would give the damage away; a hostile file has a good one.
            const text = broken.subarray(indexAt, -56);
            createHash('sha256')
              .update(text)
              .digest()
              .copy(broken, broken.length - 40);
          } else if (cut % 4 === 0) broken = broken.subarray(0, broken.length - cut);
          writeFileSync(fuzzed, broken);
          let source: ClipSource | undefined;
          try {
            source = await packed(fuzzed, { frames: 3, augment: true });
            for (let i = 0; i < source.size!; i++) await source.read(i, new Random(cut));
            opened++;
          } catch (error) {
            expect(error).toBeInstanceOf(DatasetError);
          } finally {
            await source?.close!();
          }
        },
      ),
      { numRuns: 10_000 },
    );
    expect(opened).toBeGreaterThan(300);
  });
});
