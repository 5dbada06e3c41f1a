import { createCritic3d } from '@tgan/critic-3d';
import { createImageGenerator } from '@tgan/image-generator';
import { parseOptions, Random } from '@tgan/core';
import { createTemporalGenerator } from '@tgan/temporal-generator';
import * as tf from '@tensorflow/tfjs';
import type * as z from 'zod';
import { AdversarialModel } from './adversarial-model.js';
import { imageInitializerOf, initializerOf } from './models/shared.js';
import { anyCriticOptions, videoGanOptions, type VideoGanOptions } from './models/tgan.js';
import { likeness, nextRows } from './mode-seeking.js';
import { placeSprites } from './sprites.js';
import type { Mode, PenalizedSamples } from './video-model.js';

/**
 * A Temporal GAN: the temporal generator G0, the image generator G1 and the critic D (paper, figure
 * 1).
 *
 * @example
 * ```ts
 * const gan = new VideoGan({ imageSize: 64, channels: 1 });
 * const clips = gan.sample(4, new Random(42)); // [4, 16, 64, 64, 1] in (-1, 1)
 * ```
 */
export class VideoGan extends AdversarialModel<z.output<typeof videoGanOptions>> {
  /** G0: z0 [batch, latentSize] to [batch, frames, frameLatentSize]. */
  readonly temporalGenerator: tf.LayersModel;
  /**
   * G1: (z0, z1), one row per frame, to frames [rows, height, width, channels]. With `sprites`: z0
   * to pictures [batch, spriteSize, spriteSize, sprites * channels], which {@link placeSprites}
   * moves to where z1 says.
   */
  readonly imageGenerator: tf.LayersModel;

  /**
   * Makes the three networks with fresh weights.
   *
   * @param makeCritic - for models with another critic than the paper's.
   * @throws OptionsError when an option is out of range or a size does not fit the layers.
   */
  constructor(options: VideoGanOptions = {}, makeCritic?: typeof createVideoCritic) {
    const schema = makeCritic ? anyCriticOptions : videoGanOptions;
    const parsed = parseOptions(schema, options, 'video GAN');
    const { latentSize, sprites, frames, imageSize, channels, classes, initializer } = parsed;
    const frameLatentSize = sprites > 0 ? 2 * sprites : parsed.frameLatentSize;
    const random = new Random(parsed.seed);
    const temporalGenerator = createTemporalGenerator({
      latentSize,
      frameLatentSize,
      frames,
      terms: parsed.temporalTerms,
      widths: parsed.temporalWidths,
      batchNormBeta: parsed.batchNormBeta,
      classes,
      initializer: initializerOf(initializer),
      seed: random.seed(),
    });
    const imageGenerator = createImageGenerator({
      latentSize,
      frameLatentSize,
      imageSize: sprites > 0 ? parsed.spriteSize : imageSize,
      channels: Math.max(1, sprites) * channels,
      widths: parsed.imageWidths,
      seesZ0: parsed.seesZ0,
      seesZ1: sprites === 0,
      finalConvolution: parsed.finalConvolution,
      classes,
      initializer: imageInitializerOf(initializer),
      seed: random.seed(),
    });
    const critic = (makeCritic ?? createVideoCritic)(parsed, random.seed());
    super(
      parsed,
      { 'temporal-generator': temporalGenerator, 'image-generator': imageGenerator },
      critic,
    );
    this.temporalGenerator = temporalGenerator;
    this.imageGenerator = imageGenerator;
  }

  /** {@inheritDoc AdversarialModel.generate} */
  generate(z0: tf.Tensor2D, { training = false, labels }: Mode = {}): tf.Tensor5D {
    return tf.tidy(() => {
      const label = this.labelInputs(labels, z0.shape[0]);
      const z1 = this.temporalGenerator.apply([z0, ...label], { training }) as tf.Tensor3D;
      return this.#clips(this.drawFrames(z0, z1, label, training));
    });
  }

  /**
   * As `generate`, with the term of `modeSeeking` in the generator's loss: each video's sprites are
   * drawn once more with the latent of another video and the same label.
   */
  generateWithPenalty(z0: tf.Tensor2D, { training = false, labels }: Mode = {}): PenalizedSamples {
    const { modeSeeking } = this.options;
    if (modeSeeking === 0 || !training) return { samples: this.generate(z0, { training, labels }) };
    return tf.tidy(() => {
      const label = this.labelInputs(labels, z0.shape[0]);
      const z1 = this.temporalGenerator.apply([z0, ...label], { training }) as tf.Tensor3D;
      const next = nextRows(z0);
      const latents = tf.concat([z0, next]);
      const twice = label.map((rows) => tf.concat([rows, rows]));
      const [sprites, others] = tf.split<tf.Tensor4D>(
        this.#drawSprites(latents, twice, training),
        2,
      );
      const samples = this.#clips(this.#place(sprites, z1, training));
      return {
        samples,
        penalty: likeness(sprites, others, z0, next).mul(modeSeeking) as tf.Scalar,
      };
    });
  }

  /**
   * Frames at any times and in any order: one frame for each moment.
   *
   * A moment between two frames gets a latent between theirs (paper, section on frame
   * interpolation: the last layer of the temporal generator up-sampled linearly).
   *
   * @param z0 - the latents of videos, [batch, latentSize].
   * @param moments - which frames: `video` is a row of z0, `time` counts in frames, 0 .. frames -
   * 1.
   * @returns [moments, height, width, channels] in (-1, 1); the caller disposes it.
   * @throws RangeError when a moment lies outside the videos; LabelError as `generate`.
   */
  framesAt(
    z0: tf.Tensor2D,
    moments: readonly Moment[],
    { labels }: Pick<Mode, 'labels'> = {},
  ): tf.Tensor4D {
    const { frames } = this.options;
    const [batch] = z0.shape;
    for (const { video, time } of moments) {
      const inside = Number.isInteger(video) && video >= 0 && video < batch;
      if (!inside || !(time >= 0 && time <= frames - 1)) {
        throw new RangeError(
          `no moment ${time} of video ${video}: there are ${batch} videos, of moments 0 .. ${frames - 1}`,
        );
      }
    }
    return tf.tidy(() => {
      const label = this.labelInputs(labels, batch);
      const z1 = this.temporalGenerator.apply([z0, ...label]) as tf.Tensor;
      const latents = z1.reshape([batch * frames, z1.shape[2] as number]);
      const rows = (index: (moment: Moment) => number) => tf.tensor1d(moments.map(index), 'int32');
      const before = latents.gather(rows(({ video, time }) => video * frames + Math.floor(time)));
      const after = latents.gather(rows(({ video, time }) => video * frames + Math.ceil(time)));
      const between = tf.tensor2d(moments.map(({ time }) => [time % 1]));
      const video = rows(({ video }) => video);
      return this.drawFrames(
        z0.gather(video),
        before.add(after.sub(before).mul(between)).expandDims(1) as tf.Tensor3D,
        label.map((rows) => rows.gather(video)),
      );
    });
  }

  /**
   * Draws some frames of each video.
   *
   * @param z0 - [videos, latentSize].
   * @param z1 - [videos, frames, frameLatentSize].
   * @param label - one-hot, [videos, classes], or none.
   * @returns [videos * frames, height, width, channels].
   */
  protected drawFrames(
    z0: tf.Tensor2D,
    z1: tf.Tensor3D,
    label: tf.Tensor2D[],
    training = false,
  ): tf.Tensor4D {
    const { sprites, seesZ0 } = this.options;
    if (sprites > 0) return this.#place(this.#drawSprites(z0, label, training), z1, training);
    const [videos, frames, size] = z1.shape;
    const eachFrame = (rows: tf.Tensor2D) =>
      rows
        .expandDims(1)
        .tile([1, frames, 1])
        .reshape([videos * frames, rows.shape[1]]);
    const latents = [...(seesZ0 ? [eachFrame(z0)] : []), z1.reshape([videos * frames, size])];
    return this.imageGenerator.apply([...latents, ...label.map(eachFrame)], {
      training,
    }) as tf.Tensor4D;
  }

  /** The sprites of each video, [videos, spriteSize, spriteSize, sprites * channels]. */
  #drawSprites(z0: tf.Tensor2D, label: tf.Tensor2D[], training: boolean): tf.Tensor4D {
    return this.imageGenerator.apply([z0, ...label], { training }) as tf.Tensor4D;
  }

  /** Frames [videos * frames, height, width, channels] that show sprites where z1 says. */
  #place(pictures: tf.Tensor4D, z1: tf.Tensor3D, training: boolean): tf.Tensor4D {
    const { imageSize, sprites, wholePixels } = this.options;
    const learnsFrom = training ? this.spritesLearnFrom(pictures.shape[0]) : undefined;
    return placeSprites(pictures, z1, imageSize, sprites, wholePixels, learnsFrom);
  }

  /** Frames by video, [videos, frames, height, width, channels]. */
  #clips(images: tf.Tensor4D): tf.Tensor5D {
    const { frames, imageSize, channels } = this.options;
    return images.reshape([-1, frames, imageSize, imageSize, channels]);
  }

  /**
   * The frame of each video through which gradients reach its sprites in training. Undefined here:
   * through all of them.
   */
  protected spritesLearnFrom(_videos: number): readonly number[] | undefined {
    return undefined;
  }
}

/** The paper's critic, for the options of a model. */
function createVideoCritic(options: z.output<typeof videoGanOptions>, seed: number) {
  const { frames, imageSize, channels, leakyReluAlpha, noise, classes } = options;
  return createCritic3d({
    frames,
    imageSize,
    channels,
    widths: options.criticWidths,
    leakyReluAlpha,
    noise,
    classes,
    initializer: initializerOf(options.initializer),
    seed,
  });
}

/** A moment of a video: a frame, or a time between two. */
export interface Moment {
  /** Which video, as a row of a batch. */
  readonly video: number;
  /** The time in frames from the first: 0 .. frames - 1. */
  readonly time: number;
}
