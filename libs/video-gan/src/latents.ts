import * as tf from '@tensorflow/tfjs';

/**
 * A path from one latent to another, including both exact ends. Both are read, so they should come
 * from the host, as from `latents`.
 *
 * @param from - [1, latentSize].
 * @param to - [1, latentSize].
 * @param steps - how many latents, at least 2.
 * @param path - `linear` is the straight line; `spherical` turns from the direction of the one to
 * that of the other, so that the latents between do not come as near to the center (Shoemake's
 * slerp; opposite or parallel latents get the straight line).
 * @returns [steps, latentSize]; the caller disposes it.
 */
export function latentPath(
  from: tf.Tensor2D,
  to: tf.Tensor2D,
  steps: number,
  path: 'linear' | 'spherical' = 'linear',
): tf.Tensor2D {
  const [a, b] = [from.dataSync(), to.dataSync()];
  const angle = path === 'spherical' ? angleBetween(a, b) : 0;
  const sine = Math.sin(angle);
  const rows = Array.from({ length: steps }, (_, step) => {
    const t = step / (steps - 1);
    // The ends as they are, and not as sines round them.
    if (t === 0 || t === 1) return Array.from(t === 0 ? a : b);
    const [weightA, weightB] =
      Math.abs(sine) < 1e-6
        ? [1 - t, t]
        : [Math.sin((1 - t) * angle) / sine, Math.sin(t * angle) / sine];
    return Array.from(a, (value, i) => weightA * value + weightB * b[i]);
  });
  return tf.tensor2d(rows);
}

function angleBetween(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * y[i], 0);
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths === 0 ? 0 : Math.acos(Math.min(1, Math.max(-1, dot(a, b) / lengths)));
}

/** A latent and how much of it goes into a sum. */
export type WeightedLatent = readonly [weight: number, z0: tf.Tensor2D];

/**
 * Latent arithmetic: a weighted sum, such as `[[1, smiling], [-1, neutral], [1, another]]`.
 *
 * The sum is clipped to [-1, 1], the range in training.
 *
 * @returns a latent of the shape of those that go in; the caller disposes it.
 */
export function combineLatents(terms: readonly WeightedLatent[]): tf.Tensor2D {
  return tf.tidy(
    () => tf.addN(terms.map(([weight, z0]) => z0.mul(weight))).clipByValue(-1, 1) as tf.Tensor2D,
  );
}

/**
 * Truncation: moves latents toward the center, for more typical and less varied videos.
 *
 * It multiplies the latents by `limit`. For latents uniform in [-1, 1) this has the same
 * distribution as redrawing every value beyond `limit`.
 *
 * @param limit - 0 (all the same) to 1 (as they are).
 * @returns latents of the shape of z0; the caller disposes them.
 * @throws RangeError when `limit` is out of range.
 */
export function truncateLatents(z0: tf.Tensor2D, limit: number): tf.Tensor2D {
  if (!(limit >= 0 && limit <= 1)) {
    throw new RangeError(`truncation takes a limit from 0 to 1, got ${limit}`);
  }
  return z0.mul(limit);
}
