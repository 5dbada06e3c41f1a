import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClipBatch } from './batches.js';
import { ClipLoader, type ClipLoaderOptions } from './clip-loader.js';
import type { ClipSource } from './clip-source.js';
import { DatasetError } from './error.js';

/** Clips of one frame of two pixels: the clip's number, and a byte of chance. */
function numbered(size: number | undefined, delay = false): ClipSource {
  return {
    size,
    clip: { frames: 1, height: 1, width: 2, channels: 1 },
    classes: ['even', 'odd'],
    async read(index, random) {
      const chance = random.integer(256);
      if (delay) await wait(chance % 3);
      return Uint8Array.of(index, chance);
    },
    label: (index) => index % 2,
  };
}

async function take(source: ClipSource, options: ClipLoaderOptions, count: number) {
  const batches: ClipBatch[] = [];
  if (count === 0) return batches;
  for await (const batch of new ClipLoader(source, options)) {
    batches.push(batch);
    if (batches.length === count) break;
  }
  return batches;
}

/** The numbers of the clips in a batch. */
const numbers = ({ clips }: ClipBatch) =>
  [...clips].filter((_, i) => i % 2 === 0).map((value) => value * 128 + 128);

const settings = fc.record({
  batchSize: fc.integer({ min: 1, max: 7 }),
  seed: fc.integer(),
  shuffle: fc.boolean(),
});

describe('ClipLoader', () => {
  it('resumes to the very same batches from any position, whatever the prefetch', async () => {
    await fc.assert(
      fc.asyncProperty(
        settings,
        fc.option(fc.integer({ min: 7, max: 40 }), { nil: undefined }),
        fc.nat(20),
        fc.nat(5),
        fc.nat(5),
        async (options, size, stop, prefetchA, prefetchB) => {
          const whole = await take(numbered(size), { ...options, prefetch: prefetchA }, stop + 6);
          const before = await take(numbered(size), options, stop);
          const position = before.at(-1)?.position ?? 0;
          expect(position).toBe(stop);
          const source = numbered(size, true);
          const after = await take(source, { ...options, position, prefetch: prefetchB }, 6);
          expect([...before, ...after]).toEqual(whole);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('reads each clip at most once an epoch, and all of them where they fill the batches', async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.integer({ min: 7, max: 40 }), async (options, size) => {
        const { batchesPerEpoch } = new ClipLoader(numbered(size), options);
        expect(batchesPerEpoch).toBe(Math.floor(size / options.batchSize));
        const epoch = await take(numbered(size), options, batchesPerEpoch);
        const seen = epoch.flatMap(numbers);
        expect(new Set(seen).size).toBe(batchesPerEpoch * options.batchSize);
        if (size % options.batchSize === 0) expect(new Set(seen).size).toBe(size);
        if (!options.shuffle) expect(seen).toEqual(Array.from(seen, (_, i) => i));
      }),
    );
  });

  it('shuffles anew each epoch and for each seed', async () => {
    const orders = [];
    for (const seed of [1, 2]) {
      for (const position of [0, 1]) {
        orders.push(numbers((await take(numbered(100), { batchSize: 100, seed, position }, 1))[0]));
      }
    }
    expect(new Set(orders.map(String)).size).toBe(4);
    for (const order of orders) expect(new Set(order).size).toBe(100);
  });

  it('gives a clip the same chance whatever batch it is in', async () => {
    const chances = async (batchSize: number) => {
      const batches = await take(
        numbered(12),
        { batchSize, seed: 5, shuffle: false },
        12 / batchSize,
      );
      return batches.flatMap(({ clips }) => [...clips]);
    };
    expect(await chances(3)).toEqual(await chances(4));
  });

  it('scales pixels as the original code does, and gives labels', async () => {
    const [{ clips, shape, labels }] = await take(numbered(256), { batchSize: 256 }, 1);
    expect(shape).toEqual([256, 1, 1, 2, 1]);
    expect(Math.min(...clips)).toBe(-1);
    expect(Math.max(...clips)).toBe(127 / 128);
    expect([...labels!]).toEqual(numbers({ clips } as ClipBatch).map((n) => n % 2));
  });

  it('reads ahead while a batch is in use, as far as it is told', async () => {
    for (const prefetch of [0, 1, 3]) {
      let reads = 0;
      const source = numbered(undefined);
      const counted: ClipSource = {
        ...source,
        read: (index, random) => (reads++, source.read(index, random)),
      };
      await take(counted, { batchSize: 2, prefetch }, 4);
      expect(reads).toBe(2 * (4 + prefetch));
    }
  });

  it('throws what the source throws, at that batch', async () => {
    const source = numbered(undefined);
    const broken: ClipSource = {
      ...source,
      read: (index, random) => {
        if (index === 5) throw new DatasetError('clip 5 is gone');
        return source.read(index, random);
      },
    };
    expect(await take(broken, { batchSize: 2, prefetch: 4 }, 2)).toHaveLength(2);
    await expect(take(broken, { batchSize: 2, prefetch: 4 }, 3)).rejects.toThrow('clip 5 is gone');
    const short: ClipSource = { ...source, read: () => new Uint8Array(1) };
    await expect(take(short, {}, 1)).rejects.toThrow(/clip \d+ has 1 bytes, not 2/);
  });

  it('reads parts of batches that together are the batches, in their order', async () => {
    const parts = fc.integer({ min: 1, max: 5 });
    await fc.assert(
      fc.asyncProperty(settings, parts, fc.boolean(), async (options, of, endless) => {
        const source = numbered(endless ? undefined : 20);
        const whole = await take(source, options, 5);
        const each = await Promise.all(
          Array.from({ length: of }, (_, index) =>
            take(source, { ...options, part: { index, of } }, 5),
          ),
        );
        whole.forEach((batch, i) => {
          const those = each.map((batches) => batches[i]);
          const sizes = those.map(({ shape }) => shape[0]);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(sizes.reduce((sum, size) => sum + size)).toBe(options.batchSize);
          expect(those.flatMap(({ clips }) => [...clips])).toEqual([...batch.clips]);
          expect(those.flatMap(({ labels }) => [...labels!])).toEqual([...batch.labels!]);
          for (const { shape, position } of those) {
            expect(shape.slice(1)).toEqual(batch.shape.slice(1));
            expect(position).toBe(batch.position);
          }
        });
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what it cannot do', () => {
    expect(() => new ClipLoader(numbered(3), { batchSize: 4 })).toThrow(/batchSize 4 .* 3 clips/);
    expect(() => new ClipLoader(numbered(3), { batchSize: 0 })).toThrow(/batchSize: .*got 0/);
    expect(() => new ClipLoader(numbered(8), { position: -1 })).toThrow(/position: .*got -1/);
    const part = { index: 2, of: 2 };
    expect(() => new ClipLoader(numbered(40), { part })).toThrow(
      /part: index must be less than of/,
    );
  });
});
