import * as tf from '@tensorflow/tfjs';

/**
 * The exponential moving average of some weights: a <- d a + (1 - d) w after each step.
 *
 * At step n, d is the decay but at most (n - 1) / (n + 9). The first weights count fully and are
 * soon forgotten, so the average of a short run covers about its last tenth and not its beginning.
 */
export class WeightAverage {
  readonly decay: number;
  /** The average of each weight. */
  readonly averages: ReadonlyMap<tf.Variable, tf.Variable>;

  /** @param decay - the decay of the average, below 1. */
  constructor(weights: readonly tf.Variable[], decay: number) {
    this.decay = decay;
    this.averages = new Map(weights.map((w) => [w, tf.tidy(() => tf.variable(w.clone(), false))]));
  }

  /** Adds the weights after a step, which counts from 1. */
  update(step: number): void {
    const decay = Math.min(this.decay, (step - 1) / (step + 9));
    for (const [weight, average] of this.averages) {
      tf.tidy(() => average.assign(average.mul(decay).add(weight.mul(1 - decay))));
    }
  }

  /**
   * Exchanges the weights and their averages. A second swap restores both exactly.
   */
  swap(): void {
    for (const [weight, average] of this.averages) {
      tf.tidy(() => {
        const held = weight.clone();
        weight.assign(average);
        average.assign(held);
      });
    }
  }

  /** Frees the averages. The weights are not disposed. */
  dispose(): void {
    tf.dispose([...this.averages.values()]);
  }
}
