import { type BootstrapOptions, drawWeights, estimate, type Estimate } from './bootstrap.js';
import { MetricsError } from './errors.js';

/** What an Inception score depends on beside the classifier and the number of clips. */
export interface InceptionOptions {
  /**
   * The score is the mean of the scores of so many parts of the clips. The clips are dealt out in
   * turn.
   */
  readonly splits: number;
  /** Added to every probability before its logarithm. 0: exact, with 0 log 0 = 0. */
  readonly epsilon: number;
}

/**
 * Everything that a published Inception score was computed with. Two scores with different
 * protocols cannot be compared.
 */
export interface InceptionProtocol extends InceptionOptions {
  /** The classifier. */
  readonly classifier: string;
  /** How many clips a score is of. */
  readonly samples: number;
  /**
   * How often the model is sampled with another seed; the score is the mean over them, beside its
   * deviation.
   */
  readonly seeds: number;
  /** How frames are resized. */
  readonly resize: string;
  /** What is cut out of them then. */
  readonly crop: string;
  /** What is subtracted. */
  readonly mean: string;
}

/**
 * The protocol of the Temporal GAN's Inception scores on UCF-101 (Saito et al. 2017, and the
 * original code). The paper says 10,000 samples; its code takes 208 batches of 48.
 */
export const temporalGanProtocol: InceptionProtocol = {
  classifier: 'C3D, trained on Sports-1M and then on UCF-101 (101 classes)',
  samples: 208 * 48,
  splits: 1,
  epsilon: 1e-7,
  seeds: 4,
  resize: 'bicubic, 64x64 to 128x128, 16 frames, blue-green-red',
  crop: 'rows and columns 8 to 119',
  mean: "C3D's mean clip, columns 21 to 148, subtracted before the crop",
};

/**
 * Sums that the Inception score (Salimans et al. 2016) is computed from, of any number of clips:
 * `exp(mean over clips of KL(p(class | clip) || p(class)))`.
 */
export class InceptionSums {
  readonly #classes: number;
  readonly #epsilon: number;
  readonly #counts: Float64Array;
  /** Of each block the sum of p log p, and of p by class. */
  readonly #negativeEntropies: Float64Array;
  readonly #probabilities: Float64Array[];
  #count = 0;

  /**
   * @param classes - how many probabilities a clip has.
   * @param epsilon - see {@link InceptionOptions}.
   * @param blocks - into how many sums the clips are dealt out, for splits and bootstrap.
   */
  constructor(classes: number, epsilon: number, blocks = 1) {
    this.#classes = classes;
    this.#epsilon = epsilon;
    this.#counts = new Float64Array(blocks);
    this.#negativeEntropies = new Float64Array(blocks);
    this.#probabilities = Array.from({ length: blocks }, () => new Float64Array(classes));
  }

  /** How many clips were added. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds the probabilities of one clip, which stay the caller's.
   *
   * @throws MetricsError when they are not as many as there are classes, or no probabilities.
   */
  add(probabilities: ArrayLike<number>): void {
    this.#check(probabilities);
    const block = this.#count++ % this.#counts.length;
    this.#counts[block]++;
    for (let c = 0; c < this.#classes; c++) {
      this.#negativeEntropies[block] += probabilities[c] * this.#log(probabilities[c]);
      this.#probabilities[block][c] += probabilities[c];
    }
  }

  /**
   * The score, with a block bootstrap.
   *
   * @param splits - how many parts; must divide the number of blocks.
   * @throws MetricsError when there is not a clip for every part.
   */
  score(splits: number, options: BootstrapOptions): Estimate {
    const blocks = this.#counts.length;
    if (blocks % splits !== 0) {
      throw new MetricsError(`splits: expected a divisor of the ${blocks} blocks, got ${splits}`);
    }
    if (this.#count < splits) {
      throw new MetricsError(
        `Inception score: too few clips for ${splits} splits, got ${this.#count}`,
      );
    }
    let value = 0;
    for (let split = 0; split < splits; split++) {
      const weights = Float64Array.from({ length: blocks }, (_, b) => +(b % splits === split));
      value += this.#weighted(weights) / splits;
    }
    const filled = Math.min(blocks, this.#count);
    const range = [1, this.#classes] as const;
    return estimate(value, (random) => this.#weighted(drawWeights(filled, random)), options, range);
  }

  #weighted(weights: Float64Array): number {
    let [count, divergence] = [0, 0];
    const marginal = new Float64Array(this.#classes);
    weights.forEach((weight, block) => {
      count += weight * this.#counts[block];
      divergence += weight * this.#negativeEntropies[block];
      for (let c = 0; c < this.#classes; c++) {
        marginal[c] += weight * this.#probabilities[block][c];
      }
    });
    for (const sum of marginal) divergence -= sum * this.#log(sum / count);
    return Math.exp(divergence / count);
  }

  #log(probability: number): number {
    return probability + this.#epsilon > 0 ? Math.log(probability + this.#epsilon) : 0;
  }

  #check(probabilities: ArrayLike<number>): void {
    if (probabilities.length !== this.#classes) {
      throw new MetricsError(
        `expected ${this.#classes} probabilities of a clip, got ${probabilities.length}`,
      );
    }
    let sum = 0;
    for (let c = 0; c < this.#classes; c++) {
      if (!(probabilities[c] >= 0)) {
        throw new MetricsError(
          `clip ${this.#count}: the probability of class ${c} is ${probabilities[c]}`,
        );
      }
      sum += probabilities[c];
    }
    if (!(Math.abs(sum - 1) < 1e-3)) {
      throw new MetricsError(
        `clip ${this.#count}: the probabilities sum to ${sum}, not 1: is a softmax missing?`,
      );
    }
  }
}
