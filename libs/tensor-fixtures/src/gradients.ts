import * as tf from '@tensorflow/tfjs';
import { expectClose } from './close.js';

/** How {@link checkGradients} differentiates numerically. */
export interface GradientCheck {
  /**
   * Half the distance of the two points of the central difference. Large steps suit functions that
   * are linear in each input.
   */
  readonly step?: number;
  /** Allowed error relative to the largest derivative. */
  readonly tolerance?: number;
}

/**
 * Checks the gradients that tfjs computes of `f` against central differences, for every element of
 * every input.
 *
 * The outputs are summed with fixed unequal weights, so that errors of opposite sign do not cancel.
 *
 * @throws Error naming the input and the worst element.
 */
export function checkGradients(
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
  { step = 1e-2, tolerance = 2e-3 }: GradientCheck = {},
): void {
  tf.tidy(() => {
    const weighted = (...xs: tf.Tensor[]): tf.Scalar => {
      const y = f(...xs).flatten();
      return y.mul(tf.cos(tf.range(1, y.size + 1))).sum() as tf.Scalar;
    };
    const analytic = tf.grads(weighted)([...inputs]);
    inputs.forEach((input, which) => {
      const values = Float32Array.from(input.dataSync());
      const numeric = values.map((value, i) => {
        const at = (moved: number) =>
          tf.tidy(() => {
            const nudged = values.slice();
            nudged[i] = moved;
            const xs = inputs.map((x, k) => (k === which ? tf.tensor(nudged, x.shape) : x));
            return weighted(...xs).dataSync()[0];
          });
        return (at(value + step) - at(value - step)) / (2 * step);
      });
      expectClose(analytic[which], numeric, tolerance, `gradient of input ${which}`);
    });
  });
}
