import { OptionsError, Random } from '@tgan/core';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mnistDigits, type Digits } from './mnist.js';
import { movingMnist } from './moving-mnist.js';

const unused = new Random(0);
const size = 28;

/** Plain white squares, so that where a digit is can be read off the frame. */
const squares: Digits = { count: 1, size, pixels: new Uint8Array(size * size).fill(255) };

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** The top left corner of the one white square in each frame. */
function corners(clip: Uint8Array, imageSize: number): { y: number; x: number }[] {
  return Array.from({ length: clip.length / imageSize ** 2 }, (_, t) => {
    const frame = clip.subarray(t * imageSize ** 2, (t + 1) * imageSize ** 2);
    const first = frame.indexOf(255);
    const last = frame.lastIndexOf(255);
    expect(frame.filter((pixel) => pixel === 255)).toHaveLength(size * size);
    expect(last - first).toBe((size - 1) * imageSize + size - 1);
    return { y: Math.floor(first / imageSize), x: first % imageSize };
  });
}

describe('movingMnist', () => {
  it('moves a digit straight on, by a tenth of the room each frame, and off the edges', async () => {
    const imageSize = 512; // much room, so that the way can be measured
    const room = imageSize - size;
    let bounces = 0;
    for (let index = 0; index < 12; index++) {
      const source = movingMnist({ imageSize, digits: 1, frames: 20, seed: 3 }, squares);
      const way = corners(await source.read(index, unused), imageSize);
      const steps = way.slice(1).map(({ y, x }, t) => ({ y: y - way[t].y, x: x - way[t].x }));
      for (const axis of ['x', 'y'] as const) {
        const speed = Math.max(...steps.map((s) => Math.abs(s[axis])));
        if (speed < 4) continue; // too slow to tell its direction from whole pixels
        for (let t = 0; t < steps.length; t++) {
          const now = way[t + 1][axis];
          // A step is whole, or shortened by the edge that it ends at.
          if (now > 0 && now < room) {
            expect(Math.abs(Math.abs(steps[t][axis]) - speed)).toBeLessThanOrEqual(2);
          }
          // The direction turns at an edge and nowhere else.
          if (t + 1 === steps.length) continue;
          const turned = Math.sign(steps[t + 1][axis]) !== Math.sign(steps[t][axis]);
          if (now === room) expect(steps[t + 1][axis]).toBeLessThan(0);
          if (turned) expect([0, room]).toContain(now);
          if (turned) bounces++;
        }
      }
      const free = steps.filter((_, t) =>
        Object.values(way[t + 1]).every((now) => now > 0 && now < room),
      );
      for (const { y, x } of free) expect(Math.abs(Math.hypot(y, x) - room / 10)).toBeLessThan(2);
    }
    expect(bounces).toBeGreaterThan(10);
  });

  it('begins anywhere on the canvas', async () => {
    const source = movingMnist({ digits: 1, frames: 1 }, squares);
    const seen = new Set<number>();
    for (let i = 0; i < 600; i++) seen.add(corners(await source.read(i, unused), 64)[0].x);
    // All of 0..36; the last one comes of clamping alone.
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 37 }, (_, i) => i));
  });

  it('keeps the brighter pixel where digits meet', async () => {
    const gray: Digits = {
      count: 2,
      size,
      pixels: new Uint8Array(2 * size * size).map((_, i) => (i < size * size ? 100 : 200)),
    };
    const source = movingMnist({ imageSize: 32, frames: 4 }, gray);
    let both = 0;
    for (let i = 0; i < 40; i++) {
      const clip = await source.read(i, unused);
      const bright = clip.filter((pixel) => pixel === 200).length;
      if (bright && clip.includes(100)) {
        both++;
        expect(bright).toBe(4 * size * size); // nothing of the brighter one is covered
      }
    }
    expect(both).toBeGreaterThan(5);
  });

  it('makes clip i from the seed and i alone, of any shape', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.nat(1e9),
        fc.record({
          frames: fc.integer({ min: 1, max: 24 }),
          imageSize: fc.integer({ min: 32, max: 80 }),
          digits: fc.integer({ min: 1, max: 3 }),
        }),
        async (seed, index, options) => {
          const source = movingMnist({ seed, ...options });
          const clip = await source.read(index, new Random(1));
          expect(clip).toHaveLength(options.frames * options.imageSize ** 2);
          const again = movingMnist({ seed, ...options, size: index + 1 });
          await again.read(0, unused);
          expect(same(await again.read(index, new Random(2)), clip)).toBe(true);
          const shorter = movingMnist({ seed, ...options, frames: 1 });
          const first = clip.subarray(0, options.imageSize ** 2);
          expect(same(await shorter.read(index, unused), first)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('draws the real digits, whole', async () => {
    const digits = await mnistDigits();
    expect(digits).toMatchObject({ count: 60_000, size: 28 });
    // The first digit of the training set is a five of 166 gray or white pixels.
    expect(digits.pixels.subarray(0, 784).filter((pixel) => pixel > 0)).toHaveLength(166);
    const clip = await movingMnist({ digits: 1, frames: 1 }).read(0, unused);
    const ink = [...clip].filter((pixel) => pixel > 0);
    const inks = (from: number) =>
      [...digits.pixels.subarray(from, from + 784)].filter((p) => p > 0);
    const found = Array.from({ length: digits.count }, (_, i) => i * 784).some((from) => {
      const other = inks(from);
      return other.length === ink.length && other.every((pixel, i) => pixel === ink[i]);
    });
    expect(found).toBe(true);
  });

  it('labels clips of one digit by what they show', async () => {
    // Each digit is a plain square of a gray of its own.
    const grays: Digits = {
      count: 20,
      size,
      pixels: new Uint8Array(20 * size * size).map((_, i) => 10 + Math.floor(i / size ** 2)),
      labels: new Uint8Array(20).map((_, i) => i % 10),
    };
    const source = movingMnist({ digits: 1, frames: 2, labeled: true, seed: 5 }, grays);
    expect(source.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    const seen = new Set<number>();
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 1000; i++) {
      const gray = Math.max(...(await source.read(i, unused)));
      expect((gray - 10) % 10).toBe(source.label!(i));
      seen.add(gray);
      counts[source.label!(i)]++;
    }
    expect(seen.size).toBe(20); // every digit of a label is drawn
    expect(Math.min(...counts)).toBeGreaterThan(60);
    expect(movingMnist({ digits: 1 }).label).toBeUndefined();
  });

  it('knows the labels of the real digits', async () => {
    const { labels, count } = await mnistDigits();
    expect(labels).toHaveLength(count);
    expect([...labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  });

  it('gives smaller digits the room that they leave', async () => {
    const source = movingMnist({ imageSize: 32, digitSize: 14, digits: 1, seed: 2 }, squares);
    const tops = new Set<number>();
    for (let clip = 0; clip < 8; clip++) {
      const pixels = await source.read(clip, unused);
      for (let t = 0; t < 16; t++) {
        const frame = pixels.subarray(t * 32 ** 2, (t + 1) * 32 ** 2);
        const white = frame.filter((value) => value === 255);
        expect(white).toHaveLength(14 ** 2);
        tops.add(Math.floor(frame.indexOf(255) / 32));
      }
    }
    // 18 pixels of room, where digits of 28 have 4.
    expect(Math.min(...tops)).toBe(0);
    expect(Math.max(...tops)).toBe(18);
  });

  it('has an entry of its own that needs nothing of Node, for pages that have digits', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `export { movingMnist } from '@tgan/datasets/moving-mnist';`,
        resolveDir: import.meta.dirname,
      },
      // For a page, an import of Node's modules is an error.
      ...{ bundle: true, format: 'esm', platform: 'browser', conditions: ['@tgan/source'] },
      ...{ write: false, logLevel: 'silent' },
    });
    const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
    const entry = (await import(/* @vite-ignore */ url)) as { movingMnist: typeof movingMnist };
    const clips = [movingMnist, entry.movingMnist].map((make) =>
      make({ seed: 4, frames: 3 }, squares).read(5, unused),
    );
    const [own, bundled] = await Promise.all(clips);
    expect(same(own, bundled)).toBe(true);
  });

  it('says when labels cannot be had', async () => {
    expect(() => movingMnist({ labeled: true })).toThrow(/digits: labeled clips have 1 digit/);
    const source = movingMnist({ digits: 1, labeled: true }, squares);
    await expect(source.read(0, unused)).rejects.toThrow(/no digit is labeled \d/);
  });

  it('says which option is wrong, and which clip there is not', async () => {
    expect(() => movingMnist({ imageSize: 20 })).toThrow(OptionsError);
    expect(() => movingMnist({ imageSize: 20 })).toThrow(/imageSize: .*>= 32, got 20/);
    expect(() => movingMnist({ seed: 0.5 })).toThrow(/seed: .*got 0.5/);
    expect(() => movingMnist({ frame: 3 } as object)).toThrow(/"frame", did you mean "frames"/);
    const source = movingMnist({ size: 3 });
    await expect(source.read(3, unused)).rejects.toThrow(/no clip 3 among 3/);
  });
});
