import * as tf from '@tensorflow/tfjs';

/**
 * The exponential moving average of some weights: a <- d a + (1 - d) w after each step.
 *
 * At step n, d is the decay but no more than (n - 1) / (n + 9): the first weights come in whole and
 * are soon forgotten, so that the average of a short run is one of its last tenth rather than of
 * its beginning.
 */
export class WeightAverage {
  readonly decay: number;
  /** The average of each weight. */
  readonly averages: ReadonlyMap<tf.Variable, tf.Variable>;

  /** @param decay - how much stays at each step, below 1. */
  constructor(weights: readonly tf.Variable[], decay: number) {
    this.decay = decay;
    this.averages = new Map(weights.map((w) => [w, tf.tidy(() => tf.variable(w.clone(), false))]));
  }

  /** Takes in the weights as they are after a step, which counts from 1. */
  update(step: number): void {
    const decay = Math.min(this.decay, (step - 1) / (step + 9));
    for (const [weight, average] of this.averages) {
      tf.tidy(() => average.assign(average.mul(decay).add(weight.mul(1 - decay))));
    }
  }

  /**
   * The weights become their averages and the averages the weights. A second swap restores both
   * exactly.
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

  /** Frees the averages; the weights stay. */
  dispose(): void {
    tf.dispose([...this.averages.values()]);
  }
}
