import type { Random } from '@tgan/random';
import type * as tf from '@tensorflow/tfjs';

/** How a model is to be run. */
export interface Mode {
  /** Whether batch norm uses the batch's own statistics and moves the running ones. Default false. */
  readonly training?: boolean;
}

/** A generator of videos and its critic: what a trainer trains and a sampler samples. */
export interface VideoModel {
  /** The network that singular value clipping keeps Lipschitz. */
  readonly critic: tf.LayersModel;
  /** What the generator learns. */
  readonly generatorVariables: tf.Variable[];
  /** What the critic learns. */
  readonly criticVariables: tf.Variable[];
  /** Latents of `count` videos: [count, latentSize]. The caller disposes them. */
  latents(count: number, random: Random): tf.Tensor2D;
  /** Latents to clips [batch, frames, height, width, channels] in [-1, 1]. The caller disposes them. */
  generate(z0: tf.Tensor2D, mode?: Mode): tf.Tensor5D;
  /** Clips to scores [batch, 1]. The caller disposes them. */
  score(clips: tf.Tensor5D, mode?: Mode): tf.Tensor2D;
}
