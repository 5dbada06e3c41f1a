import { createCritic3d } from '@tgan/critic-3d';
import { createImageGenerator } from '@tgan/image-generator';
import { parseOptions } from '@tgan/options';
import { Random } from '@tgan/random';
import { createTemporalGenerator } from '@tgan/temporal-generator';
import * as tf from '@tensorflow/tfjs';
import { videoGanOptions, type VideoGanOptions } from './options.js';
import type { Mode, VideoModel } from './video-model.js';

/**
 * A Temporal GAN: the temporal generator G0, the image generator G1 and the critic D (paper, figure 1).
 *
 * @example
 * ```ts
 * const gan = new VideoGan({ imageSize: 64, channels: 1 });
 * const clips = gan.sample(4, new Random(42)); // [4, 16, 64, 64, 1] in (-1, 1)
 * ```
 */
export class VideoGan implements VideoModel {
  /** The options with all defaults filled in. */
  readonly options: Required<VideoGanOptions>;
  /** G0: z0 [batch, latentSize] to [batch, frames, latentSize]. */
  readonly temporalGenerator: tf.LayersModel;
  /** G1: (z0, z1), one row a frame, to frames [rows, height, width, channels]. */
  readonly imageGenerator: tf.LayersModel;
  /** D: clips [batch, frames, height, width, channels] to scores [batch, 1]. */
  readonly critic: tf.LayersModel;

  /**
   * Makes the three networks with fresh weights.
   *
   * @throws OptionsError when an option is out of range or a size does not fit the layers.
   */
  constructor(options: VideoGanOptions = {}) {
    this.options = parseOptions(videoGanOptions, options, 'video GAN');
    const { latentSize, frames, imageSize, channels, batchNormBeta, init, seed } = this.options;
    const { temporalWidths, imageWidths, criticWidths, slope } = this.options;
    const random = new Random(seed);
    this.temporalGenerator = createTemporalGenerator({
      latentSize,
      frames,
      widths: temporalWidths,
      batchNormBeta,
      init: init === 'paper' ? 'he' : init,
      seed: random.seed(),
    });
    this.imageGenerator = createImageGenerator({
      latentSize,
      imageSize,
      channels,
      widths: imageWidths,
      batchNormBeta: true,
      init: init === 'paper' ? 'uniform' : init,
      seed: random.seed(),
    });
    this.critic = createCritic3d({
      frames,
      imageSize,
      channels,
      widths: criticWidths,
      slope,
      init: init === 'paper' ? 'he' : init,
      seed: random.seed(),
    });
  }

  /** What the generators learn. */
  get generatorVariables(): tf.Variable[] {
    return [...trainable(this.temporalGenerator), ...trainable(this.imageGenerator)];
  }

  /** What the critic learns. */
  get criticVariables(): tf.Variable[] {
    return trainable(this.critic);
  }

  /** Latents of `count` videos, uniform in [-1, 1): [count, latentSize]. The caller disposes them. */
  latents(count: number, random: Random): tf.Tensor2D {
    const { latentSize } = this.options;
    return tf.tensor2d(random.uniform(count * latentSize, -1, 1), [count, latentSize]);
  }

  /**
   * Videos from latents.
   *
   * @param z0 - [batch, latentSize].
   * @returns [batch, frames, height, width, channels] in (-1, 1); pixel = 128 * value + 128. The caller disposes it.
   */
  generate(z0: tf.Tensor2D, { training = false }: Mode = {}): tf.Tensor5D {
    return tf.tidy(() => {
      const { latentSize, frames, imageSize, channels } = this.options;
      const rows = z0.shape[0] * frames;
      const z1 = this.temporalGenerator.apply(z0, { training }) as tf.Tensor;
      const z0OfFrames = z0.expandDims(1).tile([1, frames, 1]).reshape([rows, latentSize]);
      const images = this.imageGenerator.apply([z0OfFrames, z1.reshape([rows, latentSize])], {
        training,
      }) as tf.Tensor;
      return images.reshape([z0.shape[0], frames, imageSize, imageSize, channels]);
    });
  }

  /** New videos: {@link VideoGan.generate} of fresh {@link VideoGan.latents}. The caller disposes them. */
  sample(count: number, random: Random): tf.Tensor5D {
    return tf.tidy(() => this.generate(this.latents(count, random)));
  }

  /**
   * How real the critic finds clips.
   *
   * @param clips - [batch, frames, height, width, channels] in [-1, 1].
   * @returns [batch, 1]; the caller disposes it.
   */
  score(clips: tf.Tensor5D, { training = false }: Mode = {}): tf.Tensor2D {
    return this.critic.apply(clips, { training }) as tf.Tensor2D;
  }

  /** Frees the weights of all three networks. */
  dispose(): void {
    for (const model of [this.temporalGenerator, this.imageGenerator, this.critic]) {
      model.dispose();
    }
  }
}

function trainable(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}
