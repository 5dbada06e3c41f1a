import type * as tf from '@tensorflow/tfjs';

/** The two players of the game. A `VideoGan` is one; so is anything else with these four members. */
export interface Players {
  /** What the generator learns. */
  readonly generatorVariables: readonly tf.Variable[];
  /** What the critic learns. */
  readonly criticVariables: readonly tf.Variable[];
  /** Latents [batch, latentSize] to clips [batch, frames, height, width, channels]. */
  generate(z0: tf.Tensor2D, mode: { training: boolean }): tf.Tensor5D;
  /** Clips to scores [batch, 1]. */
  score(clips: tf.Tensor5D, mode: { training: boolean }): tf.Tensor;
}
