import * as tf from '@tensorflow/tfjs';
import { MetricsError } from './errors.js';

/**
 * Where clips come from: batches `[batch, time, height, width, channels]` in [-1, 1]. Each batch
 * becomes the reader's, which disposes of it. A generator function is one; so is an array.
 */
export type ClipSource = AsyncIterable<tf.Tensor5D> | Iterable<tf.Tensor5D>;

/** Frames, height, width and channels of a clip. */
export type ClipShape = readonly [frames: number, height: number, width: number, channels: number];

/** Takes exact numbers of clips from a source whose batches have any size. */
export class ClipReader {
  readonly #subject: string;
  readonly #iterator: AsyncIterator<tf.Tensor5D> | Iterator<tf.Tensor5D>;
  #rest: tf.Tensor5D | null = null;
  #shape: ClipShape | null = null;

  /** @param subject - whose clips they are, such as `generated clips`; begins messages. */
  constructor(subject: string, source: ClipSource) {
    this.#subject = subject;
    this.#iterator =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** The shape of the clips, once the first batch was read. */
  get shape(): ClipShape | null {
    return this.#shape;
  }

  /**
   * Hands over batches until `count` clips were taken, or the source has no more.
   *
   * @param use - gets a batch, which is disposed of afterwards.
   * @returns how many clips were taken.
   * @throws MetricsError when a batch is not of rank 5 or its clips differ in shape from earlier
   * ones.
   */
  async take(count: number, use: (clips: tf.Tensor5D) => Promise<void>): Promise<number> {
    let taken = 0;
    while (taken < count) {
      const clips = this.#rest ?? (await this.#read());
      this.#rest = null;
      if (!clips) break;
      const batch = this.#atMost(count - taken, clips);
      try {
        await use(batch);
      } finally {
        batch.dispose();
      }
      taken += batch.shape[0];
    }
    return taken;
  }

  /** Ends the source and frees what it gave. */
  async close(): Promise<void> {
    this.#rest?.dispose();
    this.#rest = null;
    await this.#iterator.return?.();
  }

  async #read(): Promise<tf.Tensor5D | null> {
    const { done, value } = await this.#iterator.next();
    if (done) return null;
    const shape = value.shape.slice(1) as unknown as ClipShape;
    if (value.rank !== 5 || (this.#shape && String(shape) !== String(this.#shape))) {
      value.dispose();
      const expected = this.#shape ?? ['time', 'height', 'width', 'channels'];
      throw new MetricsError(
        `${this.#subject}: expected batches [batch, ${expected.join(', ')}], got [${value.shape}]`,
      );
    }
    this.#shape = shape;
    return value;
  }

  /** The first clips of a batch; what is left over waits for the next call. */
  #atMost(count: number, clips: tf.Tensor5D): tf.Tensor5D {
    const batch = clips.shape[0];
    if (batch <= count) return clips;
    const [first, rest] = tf.split(clips, [count, batch - count]);
    clips.dispose();
    this.#rest = rest as tf.Tensor5D;
    return first as tf.Tensor5D;
  }
}
