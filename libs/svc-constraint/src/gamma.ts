import * as tf from '@tensorflow/tfjs';
import { NonFiniteWeightError } from './errors.js';
import type { Reading } from './reading.js';
import type { NamedGamma } from './walk.js';

/**
 * The bounds of a batch norm's scale, where v is the running variance:
 *
 * - `original`: [0.01 sqrt(v), sqrt(v)], the original code's.
 * - `paper`: (0, sqrt(v + epsilon)], section 4.2. A millionth of the upper bound stands for the
 *   open end.
 */
export type GammaRule = 'original' | 'paper';

/**
 * Clips the scale of a batch norm, so that inference, which multiplies each channel by gamma /
 * sqrt(v + epsilon), stretches nothing.
 *
 * @param gamma - `[channels]`. It stays as it is, and so does the variance.
 * @param movingVariance - the running variance v, `[channels]`.
 * @param rule - the bounds: see {@link GammaRule}.
 * @param epsilon - what the layer adds to the variance. Only the paper's rule uses it.
 * @returns a new tensor `[channels]`. The caller disposes it.
 */
export function clipGamma(
  gamma: tf.Tensor,
  movingVariance: tf.Tensor,
  rule: GammaRule = 'original',
  epsilon = 0,
): tf.Tensor {
  return tf.tidy(() => {
    const high = tf.sqrt(rule === 'paper' ? tf.add(movingVariance, epsilon) : movingVariance);
    const low = tf.mul(high, rule === 'paper' ? 1e-6 : 0.01);
    return tf.minimum(tf.maximum(gamma, low), high);
  });
}

/** The result of clipping one batch norm's scale. */
export interface ClippedGamma {
  /** The clipped scale, or null if all were within bounds. */
  readonly gamma: tf.Tensor | null;
  /** How many channels were out of bounds. */
  readonly clipped: number;
}

/** {@link clipGamma} of a layer, checked and counted. */
export function* clippedGamma(
  { name, weight, movingVariance, epsilon }: NamedGamma,
  rule: GammaRule,
): Reading<ClippedGamma> {
  let result: tf.Tensor | null = clipGamma(weight.read(), movingVariance.read(), rule, epsilon);
  try {
    const [before, variances, after] = yield [weight.read(), movingVariance.read(), result];
    if (!before.every(Number.isFinite)) throw new NonFiniteWeightError(name);
    if (!variances.every(Number.isFinite)) throw new NonFiniteWeightError(movingVariance.name);
    const clipped = before.filter((value, channel) => value !== after[channel]).length;
    if (clipped === 0) return { gamma: null, clipped };
    const gamma = result;
    result = null;
    return { gamma, clipped };
  } finally {
    result?.dispose();
  }
}
