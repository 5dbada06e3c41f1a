import { parseOptions, Random } from '@tgan/core';
import { createDualCritic } from '@tgan/critic-3d';
import * as tf from '@tensorflow/tfjs';
import type * as z from 'zod';
import { startCoherently } from './coherent-start.js';
import { dualCriticGanOptions, type DualCriticGanOptions } from './models/dual.js';
import { initializerOf } from './models/shared.js';
import { pickFrames } from './pick-frames.js';
import { VideoGan } from './video-gan.js';
import type { Mode, PenalizedScores } from './video-model.js';

/**
 * By how much the scores of labels are multiplied before the softmax. Those of a critic under
 * singular value clipping are a few tenths, which no softmax tells apart.
 */
const SHARPNESS = 10;

/**
 * A Temporal GAN with two critics, as DVD-GAN (Clark et al. 2019): one of whole clips whose frames
 * are smaller, and one of single frames of full size.
 *
 * Their convolutions are two-dimensional, so a step costs a fraction of that of a `VideoGan`. With
 * `start: 'coherent'` the first videos move smoothly, see {@link startCoherently}.
 *
 * With `classifierWeight` the frame critic also names labels: what its projection adds to the score
 * for each label is the logit of that label.
 *
 * {@link latents} also draws which frame of each clip the second critic sees. So the choice depends
 * only on the random stream in the trainer's state, and a resumed run gets the same bits.
 *
 * @example
 * ```ts
 * const gan = new DualCriticGan({ imageSize: 64, channels: 1 });
 * const clips = gan.sample(4, new Random(42)); // [4, 16, 64, 64, 1] in (-1, 1)
 * ```
 */
export class DualCriticGan extends VideoGan {
  readonly #sizes: z.output<typeof dualCriticGanOptions>;
  /** The frame of each clip of the current batch that is seen at full size. */
  #frames: readonly number[] = [];
  /**
   * {@inheritDoc VideoModel.scoreWithPenalty} Missing where `classifierWeight` or `classes` is 0.
   */
  readonly scoreWithPenalty?: (clips: tf.Tensor5D, mode?: Mode) => PenalizedScores;

  /**
   * Makes all networks with fresh weights.
   *
   * @throws OptionsError when an option is out of range or a size does not fit the layers.
   */
  constructor(options: DualCriticGanOptions = {}) {
    const parsed = parseOptions(dualCriticGanOptions, options, 'dual critic GAN');
    const { criticPooling, frameCriticWidths, classifierWeight, start, ...shared } = parsed;
    super(shared, (_, seed) =>
      createDualCritic({
        frames: parsed.frames,
        imageSize: parsed.imageSize,
        channels: parsed.channels,
        pooling: criticPooling,
        widths: parsed.criticWidths,
        frameWidths: frameCriticWidths,
        leakyReluAlpha: parsed.leakyReluAlpha,
        noise: parsed.noise,
        classes: parsed.classes,
        initializer: initializerOf(parsed.initializer),
        seed,
      }),
    );
    this.#sizes = parsed;
    if (classifierWeight > 0 && parsed.classes > 0) {
      this.scoreWithPenalty = this.#withClassifier(classifierWeight);
    }
    if (start === 'coherent') startCoherently(this, new Random(parsed.seed, 1));
  }

  /** {@inheritDoc AdversarialModel.latents} Also draws the frames that are seen at full size. */
  override latents(count: number, random: Random): tf.Tensor2D {
    const z0 = super.latents(count, random);
    const { frames } = this.#sizes;
    this.#frames = Array.from({ length: count }, () => random.integer(frames));
    return z0;
  }

  /** Keeps the frames of some of the videos, where other processes have the rest of the batch. */
  keepPart(start: number, count: number): void {
    this.#frames = this.#frames.slice(start, start + count);
  }

  /** The frames that the frame critic sees: it alone teaches what sprites look like. */
  protected override spritesLearnFrom(videos: number): readonly number[] | undefined {
    return this.#frames.length === videos ? this.#frames : undefined;
  }

  /**
   * Scores of clips. The frame that is seen at full size is the one that was drawn for the batch in
   * training, and the middle one otherwise.
   *
   * @param clips - [batch, frames, height, width, channels] in [-1, 1].
   * @returns in training [batch, 2], so that an objective judges each critic by itself; at other
   * times [batch, 1], their sum. The caller disposes it.
   * @throws LabelError when labels are missing, out of range or of another count than the clips.
   */
  override score(clips: tf.Tensor5D, { training = false, labels }: Mode = {}): tf.Tensor2D {
    return tf.tidy(() => {
      const label = this.labelInputs(labels, clips.shape[0]);
      const views = this.#views(clips, training);
      const scores = this.critic.apply([...views, ...label], { training }) as tf.Tensor2D;
      return training ? scores : scores.sum(1, true);
    });
  }

  /** What the two critics see of clips. */
  #views(clips: tf.Tensor5D, training: boolean): tf.Tensor4D[] {
    const [batch, frames] = clips.shape;
    const drawn = training ? this.spritesLearnFrom(batch) : undefined;
    const seen = drawn ?? new Array<number>(batch).fill(Math.floor(frames / 2));
    return [smaller(clips, this.#sizes.criticPooling), frameOf(clips, seen)];
  }

  /** Scores in training, with `weight` times the cross entropy of the frame critic's labels. */
  #withClassifier(weight: number): NonNullable<typeof this.scoreWithPenalty> {
    const ofEachLabel = this.critic.getLayer('frame_each_label').output as tf.SymbolicTensor;
    const { inputs, outputs } = this.critic;
    const critic = tf.model({ inputs, outputs: [...outputs, ofEachLabel] });
    return (clips, { labels } = {}) =>
      tf.tidy(() => {
        const [label] = this.labelInputs(labels, clips.shape[0]);
        const seen = [...this.#views(clips, true), label];
        const [scores, each] = critic.apply(seen, { training: true }) as tf.Tensor2D[];
        const entropy = tf.losses.softmaxCrossEntropy(label, each.mul(SHARPNESS));
        return { scores, penalty: entropy.mul<tf.Scalar>(weight) };
      });
  }
}

/** All frames at a part of their size, by channel: [batch, height, width, frames * channels]. */
function smaller(clips: tf.Tensor5D, pooling: number): tf.Tensor4D {
  const [batch, frames, height, width, channels] = clips.shape;
  const pictures = clips.reshape([batch * frames, height, width, channels]) as tf.Tensor4D;
  const means = tf.avgPool(pictures, pooling, pooling, 'valid');
  const [, rows, columns] = means.shape;
  return means
    .reshape([batch, frames, rows * columns, channels])
    .transpose([0, 2, 1, 3])
    .reshape([batch, rows, columns, frames * channels]);
}

/** One frame of each clip, [batch, height, width, channels]. */
function frameOf(clips: tf.Tensor5D, seen: readonly number[]): tf.Tensor4D {
  const [batch, frames, height, width, channels] = clips.shape;
  const rows = clips.reshape([batch, frames, -1]) as tf.Tensor3D;
  return pickFrames(rows, seen).reshape([batch, height, width, channels]);
}
