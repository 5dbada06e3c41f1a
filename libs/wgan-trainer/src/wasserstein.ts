import type { VideoModel } from '@tgan/video-gan';
import * as tf from '@tensorflow/tfjs';

/** The value of the game on one batch, and its gradients. The caller disposes all of it. */
export interface ValueAndGradients {
  /** Mean score of the real clips, mean D(x). */
  readonly real: tf.Scalar;
  /** Mean score of the generated clips, mean D(G(z)). */
  readonly fake: tf.Scalar;
  /** Gradients of V = mean D(x) - mean D(G(z)), by variable name. */
  readonly gradients: tf.NamedTensorMap;
}

/**
 * The value V = mean D(x) - mean D(G(z)) that the critic raises and the generator lowers (paper, equation 4), with its
 * gradients for `variables`.
 *
 * One pass serves both players, because the game is zero-sum: the generator descends the very gradient of V that the
 * critic ascends. Real and generated clips pass the critic separately, generated ones first, so that batch norm sees
 * each with its own statistics (original code).
 *
 * @param real - clips [batch, frames, height, width, channels] in [-1, 1).
 * @param z0 - latents [batch, latentSize].
 */
export function wassersteinValue(
  model: VideoModel,
  real: tf.Tensor5D,
  z0: tf.Tensor2D,
  variables: readonly tf.Variable[],
): ValueAndGradients {
  const training = { training: true };
  let scores!: { real: tf.Scalar; fake: tf.Scalar };
  const { value, grads } = tf.variableGrads(() => {
    const fake = model.score(model.generate(z0, training), training).mean() as tf.Scalar;
    const genuine = model.score(real, training).mean() as tf.Scalar;
    scores = { real: tf.keep(genuine), fake: tf.keep(fake) };
    return genuine.sub(fake) as tf.Scalar;
  }, [...variables]);
  value.dispose();
  return { ...scores, gradients: grads };
}
