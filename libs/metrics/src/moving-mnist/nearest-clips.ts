import { sizeOf } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { MetricsError } from '../errors.js';

/** The clip nearest to a sample. */
export interface NearestClip {
  /** Its number among the clips that were added, from 0. */
  readonly index: number;
  /** Root mean square difference of their pixels; 0 for equal ones, 2 at most in [-1, 1]. */
  readonly distance: number;
}

/**
 * Finds for each sample the nearest of any number of clips, by the difference of pixels: what was
 * copied from the training clips, and what is made twice.
 *
 * Blurred samples are nearer to all clips than sharp ones are, so look at the pairs before you
 * speak of copies.
 */
export class NearestClips {
  readonly #samples: tf.Tensor2D;
  readonly #shape: readonly number[];
  readonly #nearest: { index: number; squared: number }[];
  #added = 0;

  /** @param samples - `[count, time, height, width, channels]`. Stays the caller's. */
  constructor(samples: tf.Tensor5D) {
    const [count, ...shape] = samples.shape;
    this.#shape = shape;
    this.#samples = tf.tidy(() => samples.reshape([count, -1]).clone() as tf.Tensor2D);
    this.#nearest = Array.from({ length: count }, () => ({ index: -1, squared: Infinity }));
  }

  /**
   * Looks at further clips.
   *
   * @param clips - `[batch, time, height, width, channels]`, of the samples' size. Stays the
   * caller's.
   * @param isSelf - the clips are the samples themselves: each is compared with the others only.
   * @throws MetricsError when they are of another size.
   */
  async add(clips: tf.Tensor5D, isSelf = false): Promise<void> {
    const [batch, ...shape] = clips.shape;
    if (String(shape) !== String(this.#shape)) {
      throw new MetricsError(`nearest clips: samples are [${this.#shape}], these are [${shape}]`);
    }
    const distances = tf.tidy(() => {
      const others = clips.reshape([batch, -1]) as tf.Tensor2D;
      const squares = (rows: tf.Tensor2D) => rows.square().sum(1, true);
      const products = tf.matMul(this.#samples, others, false, true).mul(2);
      return squares(this.#samples).add(squares(others).transpose()).sub(products);
    });
    const squared = await distances.data();
    distances.dispose();
    this.#nearest.forEach((nearest, i) => {
      for (let j = 0; j < batch; j++) {
        const distance = Math.max(0, squared[i * batch + j]);
        if (distance >= nearest.squared || (isSelf && i === j)) continue;
        nearest.squared = distance;
        nearest.index = this.#added + j;
      }
    });
    this.#added += batch;
  }

  /** Of each sample the nearest clip so far; index -1 before any was added. */
  get nearest(): readonly NearestClip[] {
    const size = sizeOf(this.#shape);
    return this.#nearest.map(({ index, squared }) => ({
      index,
      distance: Math.sqrt(squared / size),
    }));
  }

  /** Frees the samples. */
  dispose(): void {
    this.#samples.dispose();
  }
}

/**
 * The share of samples that have a near-duplicate among the others: one nearer than real clips have
 * in 99 of 100 cases.
 *
 * @param samples - to the nearest other sample, of each.
 * @param real - to the nearest other real clip, of as many real clips.
 */
export function nearDuplicates(
  samples: readonly NearestClip[],
  real: readonly NearestClip[],
): number {
  const distances = real.map(({ distance }) => distance).sort((a, b) => a - b);
  const limit = distances[Math.floor(0.01 * distances.length)];
  return samples.filter(({ distance }) => distance < limit).length / samples.length;
}

/**
 * How near samples are to the training clips, beside real clips that were not trained on: 1 for
 * what is as new as those, 0 for copies.
 *
 * @param samples - to the nearest training clip, of each sample.
 * @param unseen - to the nearest training clip, of each real clip that was not trained on.
 */
export const novelty = (samples: readonly NearestClip[], unseen: readonly NearestClip[]): number =>
  median(samples) / median(unseen);

function median(nearest: readonly NearestClip[]): number {
  const distances = nearest.map(({ distance }) => distance).sort((a, b) => a - b);
  const half = distances.length / 2;
  return (distances[Math.ceil(half) - 1] + distances[Math.floor(half)]) / 2;
}
