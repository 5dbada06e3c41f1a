import * as tf from '@tensorflow/tfjs';
import { NonFiniteWeightError } from './errors.js';
import type { Reading } from './reading.js';
import type { NamedGamma } from './walk.js';

/**
 * Between which bounds a batch norm's scale is kept, with v the running variance:
 *
 * - `original`: [0.01 sqrt(v), sqrt(v)], what the original code does.
 * - `paper`: (0, sqrt(v + epsilon)], section 4.2. For the open end stands a millionth of the upper
 *   bound.
 */
export type GammaRule = 'original' | 'paper';

/**
 * Clips the scale of a batch norm, so that inference, which multiplies each channel by gamma /
 * sqrt(v + epsilon), stretches nothing.
 *
 * @param gamma - `[channels]`; stays as it is, as does the variance.
 * @param movingVariance - the running variance v, `[channels]`.
 * @param rule - the bounds: see {@link GammaRule}.
 * @param epsilon - what the layer adds to the variance; only the paper's rule asks.
 * @returns a new tensor `[channels]`, the caller's to dispose of.
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

/** What clipping one batch norm's scale gave. */
export interface ClippedGamma {
  /** The clipped scale, or null where all were within bounds. */
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
