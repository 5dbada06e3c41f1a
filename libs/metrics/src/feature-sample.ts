import type { Random } from '@tgan/core';
import { MetricsError } from './errors.js';
import type { Extracted, FeatureExtractor } from './extractor.js';
import { InceptionSums } from './inception-score.js';
import { Moments } from './moments.js';
import type { Rows } from './rows.js';

/** Into how many sums clips are dealt out, for the bootstrap. The number of splits divides it. */
export const BLOCKS = 20;

/** What a {@link FeatureSample} keeps. */
export interface FeatureSampleOptions {
  /** The most clips whose features are kept. */
  readonly keep: number;
  /** Of the Inception score. */
  readonly epsilon: number;
  /** Draws which are kept. */
  readonly random: Random;
}

/**
 * What scores need to know of a set of clips, however large: sums of all, and the features of a
 * random part.
 *
 * Memory: 80 featureSize^2 bytes for the sums, 4 keep featureSize bytes for what is kept.
 */
export class FeatureSample {
  /** Sums of features of all clips. */
  readonly moments: Moments;
  /** Sums of probabilities of all clips; null where the extractor is no classifier. */
  readonly inception: InceptionSums | null;
  readonly #subject: string;
  readonly #extractor: Pick<FeatureExtractor, 'name' | 'featureSize' | 'classes'>;
  readonly #random: Random;
  readonly #keep: number;
  #kept: Float32Array;

  /**
   * @param subject - whose clips they are, such as `generated clips`; begins messages.
   * @param extractor - finds the features.
   */
  constructor(
    subject: string,
    extractor: Pick<FeatureExtractor, 'name' | 'featureSize' | 'classes'>,
    { keep, epsilon, random }: FeatureSampleOptions,
  ) {
    this.#subject = subject;
    this.#extractor = extractor;
    this.#random = random;
    this.#keep = keep;
    this.#kept = new Float32Array(keep * extractor.featureSize);
    this.moments = new Moments(extractor.featureSize, BLOCKS);
    this.inception =
      extractor.classes > 0 ? new InceptionSums(extractor.classes, epsilon, BLOCKS) : null;
  }

  /** How many clips were added. */
  get count(): number {
    return this.moments.count;
  }

  /** How many classes the extractor tells apart; 0 where it is no classifier. */
  get classes(): number {
    return this.#extractor.classes;
  }

  /** Features of at most `keep` clips, each clip equally likely to be among them. */
  get kept(): Rows {
    const size = this.#extractor.featureSize;
    const count = Math.min(this.count, this.#keep);
    return { count, size, data: this.#kept.subarray(0, count * size) };
  }

  /**
   * Adds a batch of clips.
   *
   * @throws MetricsError when there are not `batch` times as many features as a clip has, or one is
   * not finite.
   */
  add({ features, probabilities }: Extracted, batch: number): void {
    const { name, featureSize, classes } = this.#extractor;
    this.#checkLength('features', features.length, batch, featureSize);
    if (this.inception) {
      this.#checkLength('probabilities', probabilities?.length ?? 0, batch, classes);
    }
    for (let i = 0; i < features.length; i++) {
      if (Number.isFinite(features[i])) continue;
      const clip = this.count + Math.floor(i / featureSize);
      throw new MetricsError(
        `${this.#subject}: feature ${i % featureSize} of clip ${clip}, found by ${name}, is ${features[i]}`,
      );
    }
    for (let i = 0; i < batch; i++) {
      const row = features.subarray(i * featureSize, (i + 1) * featureSize);
      this.#keepOrNot(row);
      this.moments.add(row);
      this.inception?.add(probabilities!.subarray(i * classes, (i + 1) * classes));
    }
  }

  /**
   * Reservoir sampling: the first are kept, later ones replace a random one with falling
   * probability.
   */
  #keepOrNot(row: Float32Array): void {
    const at = this.count < this.#keep ? this.count : this.#random.integer(this.count + 1);
    if (at < this.#keep) this.#kept.set(row, at * row.length);
  }

  #checkLength(what: string, length: number, batch: number, each: number): void {
    if (length === batch * each) return;
    const { name } = this.#extractor;
    throw new MetricsError(
      `${name} gave ${length} ${what} of ${batch} clips, not ${each} of each as it says`,
    );
  }
}
