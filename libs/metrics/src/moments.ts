import { MetricsError } from './errors.js';

/** Mean and covariance of features: what the Frechet distance knows of a set of clips. */
export interface Gaussian {
  /** How many features there are. */
  readonly size: number;
  /** `[size]` */
  readonly mean: Float64Array;
  /** `[size, size]`, row by row; symmetric. Divided by the number of clips minus one. */
  readonly covariance: Float64Array;
}

/**
 * Sums that mean and covariance are computed from, in float64, of any number of clips.
 *
 * Features are summed relative to the first clip, so that a mean far from 0 costs no digits. The
 * clips are dealt out to `blocks` sums in turn; a bootstrap weighs the blocks anew without seeing
 * the clips again. Memory: 4 blocks size^2 bytes.
 */
export class Moments {
  readonly #size: number;
  readonly #origin: Float64Array;
  readonly #centered: Float64Array;
  readonly #counts: Float64Array;
  /**
   * Of each block the sums of features, and of products of features: the upper triangle, packed by
   * rows.
   */
  readonly #sums: Float64Array[];
  readonly #products: Float64Array[];
  #count = 0;

  /**
   * @param size - how many features a clip has.
   * @param blocks - into how many sums the clips go.
   */
  constructor(size: number, blocks = 1) {
    this.#size = size;
    this.#origin = new Float64Array(size);
    this.#centered = new Float64Array(size);
    this.#counts = new Float64Array(blocks);
    const arrays = (length: number) =>
      Array.from({ length: blocks }, () => new Float64Array(length));
    this.#sums = arrays(size);
    this.#products = arrays((size * (size + 1)) / 2);
  }

  /** How many clips were added. */
  get count(): number {
    return this.#count;
  }

  /** How many blocks hold clips. */
  get blocks(): number {
    return Math.min(this.#counts.length, this.#count);
  }

  /** Adds the features of one clip, which stay the caller's. */
  add(features: ArrayLike<number>): void {
    const size = this.#size;
    if (features.length !== size) {
      throw new MetricsError(`expected ${size} features of a clip, got ${features.length}`);
    }
    if (this.#count === 0) this.#origin.set(features);
    const centered = this.#centered;
    const block = this.#count++ % this.#counts.length;
    const [sums, products] = [this.#sums[block], this.#products[block]];
    this.#counts[block]++;
    for (let i = 0; i < size; i++) {
      centered[i] = features[i] - this.#origin[i];
      sums[i] += centered[i];
    }
    for (let i = 0, at = 0; i < size; i++) {
      const value = centered[i];
      for (let j = i; j < size; j++) products[at++] += value * centered[j];
    }
  }

  /**
   * Mean and covariance of the clips.
   *
   * @param weights - how often each block counts; once each if left out.
   * @throws MetricsError when there are fewer than two clips.
   */
  gaussian(weights?: Float64Array): Gaussian {
    const size = this.#size;
    const weight = (block: number) => weights?.[block] ?? 1;
    const count = this.#counts.reduce((sum, of, block) => sum + weight(block) * of, 0);
    if (count < 2) throw new MetricsError(`a covariance needs at least 2 clips, got ${count}`);
    const mean = new Float64Array(size);
    const packed = new Float64Array((size * (size + 1)) / 2);
    for (let block = 0; block < this.#counts.length; block++) {
      if (weight(block) === 0) continue;
      addScaled(mean, this.#sums[block], weight(block) / count);
      addScaled(packed, this.#products[block], weight(block));
    }
    const covariance = new Float64Array(size * size);
    for (let i = 0, at = 0; i < size; i++) {
      for (let j = i; j < size; j++) {
        const value = (packed[at++] - count * mean[i] * mean[j]) / (count - 1);
        covariance[i * size + j] = covariance[j * size + i] = value;
      }
    }
    addScaled(mean, this.#origin, 1);
    return { size, mean, covariance };
  }
}

function addScaled(to: Float64Array, from: Float64Array, scale: number): void {
  for (let i = 0; i < to.length; i++) to[i] += scale * from[i];
}
