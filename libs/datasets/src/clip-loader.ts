import { parseOptions } from '@tgan/core';
import { z } from 'zod';
import { BatchWorker } from './batch-worker.js';
import { Batches, type ClipBatch } from './batches.js';
import type { ClipSource } from './clip-source.js';

/** The options of {@link ClipLoader}. */
export const clipLoaderOptions = z.strictObject({
  /** Clips in a batch (paper: 32). */
  batchSize: z.int().min(1).max(65_536).default(32),
  /** Seeds the order of the clips and everything random in them. */
  seed: z.int().default(0),
  /**
   * Whether each epoch has a new order. Endless sources are read in their own order: their clips
   * are random already.
   */
  shuffle: z.boolean().default(true),
  /** How many batches are made ready while the last one is in use. */
  prefetch: z.int().min(0).max(64).default(2),
  /** How many batches were used before: the `position` of the last one. */
  position: z.int().min(0).default(0),
  /**
   * Makes the batches on another thread, which work that blocks this one does not hold up. They are
   * the same, bit for bit. For sources that have a `recipe`: `packed`, `movingMnist`,
   * `movingMnistFile`.
   */
  worker: z.boolean().default(false),
});

/** What {@link clipLoaderOptions} checks: the options, before their defaults are filled in. */
export type ClipLoaderOptions = z.input<typeof clipLoaderOptions>;

/**
 * Endless batches of clips. Their order depends on the seed and the position only. A loader that
 * begins at a saved `position` yields exactly the batches that would have come.
 *
 * What is random in a clip (window, flip) is drawn from a stream keyed by (seed, epoch, index). An
 * epoch leaves out its last clips where they do not fill a batch. With `shuffle` these are
 * different clips in each epoch.
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
   * Each iterator begins at the `position` of the options, and with `worker` has a thread of its
   * own. The batches end only when the caller stops: by leaving the loop, or by the iterator's
   * `return`. The thread ends then.
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
          // A failure is thrown when its turn comes, also where the caller stops before that.
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
