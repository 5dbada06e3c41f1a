import * as tf from '@tensorflow/tfjs';

/** The mean of the gradients of several batches, so that batches which do not fit at once can make one step. */
export class MeanGradients {
  readonly #share: number;
  /** The sum of what was added so far, each by its share. */
  gradients: tf.NamedTensorMap = {};

  /** @param batches - how many will be added. */
  constructor(batches: number) {
    this.#share = 1 / batches;
  }

  /** Adds the gradients of one batch, by variable name, and takes them over. */
  add(gradients: tf.NamedTensorMap): void {
    if (this.#share === 1) {
      this.gradients = gradients;
      return;
    }
    for (const [name, gradient] of Object.entries(gradients)) {
      const sum = this.gradients[name];
      this.gradients[name] = tf.tidy(() => {
        const share = gradient.mul(this.#share);
        return sum ? sum.add(share) : share;
      });
      tf.dispose([gradient, sum]);
    }
  }

  /** Frees the gradients. */
  dispose(): void {
    tf.dispose(this.gradients);
  }
}
