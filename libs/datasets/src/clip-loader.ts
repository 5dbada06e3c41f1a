import { parseOptions, type OptionsShape } from '@tgan/core';
import * as z from 'zod';
import { BatchWorker } from './batch-worker.js';
import { Batches, type BatchPart, type ClipBatch } from './batches.js';
import type { ClipSource } from './clip-source.js';

/** Options of {@link ClipLoader}. */
export interface ClipLoaderOptions {
  /** Clips per batch (paper: 32). Default 32. */
  readonly batchSize?: number;
  /** The seed of the order of the clips and of everything random in them. Default 0. */
  readonly seed?: number;
  /**
   * Whether each epoch has a new order. Endless sources are read in their own order: their clips
   * are random already. Default true.
   */
  readonly shuffle?: boolean;
  /** The number of batches that are prepared ahead. Default 2. */
  readonly prefetch?: number;
  /** The number of batches used before: the `position` of the last one. Default 0. */
  readonly position?: number;
  /**
   * Which part of each batch is read, when several processes share it: the one of this index, from
   * 0, of so many. Sizes of parts differ by one at most. Default: the whole batch.
   */
  readonly part?: BatchPart;
  /**
   * Makes the batches on another thread, so that work that blocks this thread does not delay them.
   * They are the same, bit for bit. For sources with a `recipe`: `packed`, `movingMnist`,
   * `movingMnistFile`. Default false.
   */
  readonly worker?: boolean;
}

/** The schema of {@link ClipLoaderOptions}. */
export const clipLoaderOptions = z.strictObject({
  batchSize: z.int().min(1).max(65_536).default(32),
  seed: z.int().default(0),
  shuffle: z.boolean().default(true),
  prefetch: z.int().min(0).max(64).default(2),
  position: z.int().min(0).default(0),
  part: z
    .strictObject({ index: z.int().min(0), of: z.int().min(1) })
    .refine(({ index, of }) => index < of, 'index must be less than of')
    .default({ index: 0, of: 1 }),
  worker: z.boolean().default(false),
} satisfies OptionsShape<ClipLoaderOptions>);

/**
 * Endless batches of clips. Their order depends only on the seed and the position. A loader that
 * begins at a saved `position` yields exactly the batches that would have come.
 *
 * What is random in a clip (window, flip) is drawn from a stream keyed by (seed, epoch, index). An
 * epoch leaves out its last clips if they do not fill a batch. With `shuffle` these differ in each
 * epoch.
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
  readonly #batches: Batches;

  /**
   * @throws OptionsError for an option out of range; DatasetError for a source that does not fill
   * one batch, or that no worker can open when one is asked for.
   */
  constructor(source: ClipSource, options: ClipLoaderOptions = {}) {
    this.#source = source;
    this.#options = parseOptions(clipLoaderOptions, options, 'ClipLoader');
    this.#batches = new Batches(source, this.#options);
    this.batchesPerEpoch = this.#batches.perEpoch;
    if (this.#options.worker) BatchWorker.check(source);
  }

  /**
   * Each iterator begins at the `position` of the options, and with `worker` has its own thread.
   * The batches end only when the caller leaves the loop or calls the iterator's `return`. This
   * also ends the thread.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<ClipBatch, never, void> {
    const { prefetch, position, worker } = this.#options;
    const thread = worker ? new BatchWorker(this.#source, this.#options) : undefined;
    const maker = thread ?? this.#batches;
    const ahead: Promise<ClipBatch>[] = [];
    let next = position;
    try {
      for (;;) {
        while (ahead.length <= prefetch) {
          const batch = maker.at(next++);
          // An error is thrown when its batch is requested, not before.
          batch.catch(() => {});
          ahead.push(batch);
        }
        const batch = ahead.shift()!;
        yield await (thread?.awaited(batch) ?? batch);
      }
    } finally {
      await thread?.end();
    }
  }
}
