import { parseOptions } from '@tgan/options';
import { Random } from '@tgan/random';
import { z } from 'zod';
import { clipBytes, type ClipSource } from './clip-source.js';
import { DatasetError } from './error.js';

/** The options of {@link ClipLoader}. */
export const clipLoaderOptions = z.strictObject({
  /** Clips in a batch (paper: 32). */
  batchSize: z.int().min(1).max(65_536).default(32),
  /** Names the order of the clips and all that the source leaves to chance. */
  seed: z.int().default(0),
  /** A new order each epoch. Endless sources are read in their own order: their clips are random already. */
  shuffle: z.boolean().default(true),
  /** How many batches are made ready while the last one is in use. */
  prefetch: z.int().min(0).max(64).default(2),
  /** How many batches of the endless row are used already: the `position` of the last one. */
  position: z.int().min(0).default(0),
});

/** What {@link clipLoaderOptions} checks: the options, before their defaults are filled in. */
export type ClipLoaderOptions = z.input<typeof clipLoaderOptions>;

/** Clips as the networks take them. */
export interface ClipBatch {
  /** Pixels as the original code scales them, (x - 128) / 128, in [-1, 1); the caller's to keep. */
  readonly clips: Float32Array;
  readonly shape: [batch: number, frames: number, height: number, width: number, channels: number];
  /** One label a clip, when the source has labels. */
  readonly labels?: Int32Array;
  /** How many batches are used, with this one: where to resume to get the next. */
  readonly position: number;
}

/**
 * Batches of clips without end, in an order that is a function of the seed and the position alone: a loader
 * that begins at a saved `position` yields the very batches that would have come.
 *
 * Each clip's own chance (window, flip) is drawn from a stream keyed by (seed, epoch, index). An epoch's last
 * clips are left out where they do not fill a batch; with `shuffle` they are other ones in each epoch.
 *
 * @example
 * ```ts
 * const loader = new ClipLoader(movingMnist({ seed: 1 }), { batchSize: 8, seed: 2 });
 * for await (const { clips, shape, position } of loader) break; // shape: [8, 16, 64, 64, 1]
 * ```
 */
export class ClipLoader implements AsyncIterable<ClipBatch> {
  /** Batches in an epoch; Infinity when the source never ends. */
  readonly batchesPerEpoch: number;
  readonly #source: ClipSource;
  readonly #options: z.output<typeof clipLoaderOptions>;
  #order: { epoch: number; indices: Uint32Array } | undefined;

  /** @throws OptionsError for an option out of range; DatasetError for a source that does not fill one batch. */
  constructor(source: ClipSource, options: ClipLoaderOptions = {}) {
    this.#source = source;
    this.#options = parseOptions(clipLoaderOptions, options, 'ClipLoader');
    const { batchSize } = this.#options;
    this.batchesPerEpoch = Math.floor((source.size ?? Infinity) / batchSize);
    if (this.batchesPerEpoch === 0) {
      throw new DatasetError(
        `ClipLoader: batchSize ${batchSize} is more than the ${source.size} clips that there are`,
      );
    }
  }

  /** Each iterator begins at the `position` of the options. Its batches end only when the caller stops. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ClipBatch, never, void> {
    const ahead: Promise<ClipBatch>[] = [];
    let next = this.#options.position;
    for (;;) {
      while (ahead.length <= this.#options.prefetch) {
        const batch = this.#load(next++);
        // A failure is thrown when its turn comes, also where the caller stops before that.
        batch.catch(() => {});
        ahead.push(batch);
      }
      yield await ahead.shift()!;
    }
  }

  /** The batch that comes after so many others. */
  async #load(used: number): Promise<ClipBatch> {
    const { batchSize, seed } = this.#options;
    const epoch = Math.floor(used / this.batchesPerEpoch);
    const { frames, height, width, channels } = this.#source.clip;
    const size = clipBytes(this.#source.clip);
    const indices = this.#indices(epoch, used % this.batchesPerEpoch);
    const clips = new Float32Array(batchSize * size);
    const read = async (index: number, slot: number) => {
      const random = new Random(seed, epoch, index);
      const bytes = await this.#source.read(index, random);
      if (bytes.length !== size) {
        throw new DatasetError(`ClipLoader: clip ${index} has ${bytes.length} bytes, not ${size}`);
      }
      const offset = slot * size;
      for (let i = 0; i < size; i++) clips[offset + i] = (bytes[i] - 128) / 128;
    };
    await Promise.all(indices.map(read));
    const labels = this.#source.label && indices.map((index) => this.#source.label!(index));
    return {
      clips,
      shape: [batchSize, frames, height, width, channels],
      ...(labels && { labels: Int32Array.from(labels) }),
      position: used + 1,
    };
  }

  /** Which clips make up a batch. */
  #indices(epoch: number, batch: number): number[] {
    const { batchSize, seed, shuffle } = this.#options;
    const first = batch * batchSize;
    const { size } = this.#source;
    if (size === undefined || !shuffle)
      return Array.from({ length: batchSize }, (_, i) => first + i);
    if (this.#order?.epoch !== epoch) {
      this.#order = { epoch, indices: new Random(seed, epoch).permutation(size) };
    }
    return [...this.#order.indices.subarray(first, first + batchSize)];
  }
}
