import { parseOptions, Random } from '@tgan/core';
import { createGlimpseCritic, glimpseChannels } from '@tgan/critic-3d';
import * as tf from '@tensorflow/tfjs';
import type * as z from 'zod';
import { startCoherently } from './coherent-start.js';
import { drawGlimpses, middleGlimpse, pickRows, stackGlimpses, type Glimpse } from './glimpses.js';
import { glimpseGanOptions, type GlimpseGanOptions } from './models/glimpses.js';
import { initializerOf } from './models/shared.js';
import { VideoGan } from './video-gan.js';
import type { Mode } from './video-model.js';

/**
 * A Temporal GAN that trains on glimpses: a few frames of each clip, at a random distance.
 *
 * The generator is the paper's. In training it makes no other frames, and the critic's convolutions
 * are two-dimensional. So a step costs a fraction of that of a `VideoGan`, and a batch can hold
 * more clips. With `start: 'coherent'` the first videos move smoothly, see {@link startCoherently}.
 *
 * {@link latents} also draws which frames of the batch are seen. So the choice depends only on the
 * random stream in the trainer's state, and a resumed run gets the same bits.
 *
 * @example
 * ```ts
 * const gan = new GlimpseGan({ imageSize: 64, channels: 1 });
 * const clips = gan.sample(4, new Random(42)); // [4, 16, 64, 64, 1] in (-1, 1)
 * ```
 */
export class GlimpseGan extends VideoGan {
  readonly #sizes: z.output<typeof glimpseGanOptions>;
  /** The frames of the current batch that are seen. */
  #glimpses: { readonly real: Glimpse[]; readonly fake: Glimpse[] } = { real: [], fake: [] };

  /**
   * Makes the three networks with fresh weights.
   *
   * @throws OptionsError when an option is out of range or a size does not fit the layers.
   */
  constructor(options: GlimpseGanOptions = {}) {
    const parsed = parseOptions(glimpseGanOptions, options, 'glimpse GAN');
    const { glimpseFrames, glimpseGaps, frameCriticWidths, start, ...shared } = parsed;
    super({ ...shared }, ({ imageSize, channels, leakyReluAlpha, noise, classes }, seed) =>
      createGlimpseCritic({
        glimpseFrames,
        imageSize,
        channels,
        widths: parsed.criticWidths,
        frameWidths: frameCriticWidths,
        leakyReluAlpha,
        noise,
        classes,
        initializer: initializerOf(parsed.initializer),
        seed,
      }),
    );
    this.#sizes = parsed;
    if (start === 'coherent') startCoherently(this, new Random(parsed.seed, 1));
  }

  /**
   * {@inheritDoc AdversarialModel.latents} Also draws the frames that are seen in the next batch.
   */
  override latents(count: number, random: Random): tf.Tensor2D {
    const z0 = super.latents(count, random);
    this.#glimpses = {
      fake: drawGlimpses(count, this.#sizes, random),
      real: drawGlimpses(count, this.#sizes, random),
    };
    return z0;
  }

  /**
   * Videos from latents. In training, glimpses of them: [batch, 1, height, width, glimpseFrames *
   * channels + 2], which {@link score} takes.
   *
   * @param z0 - [batch, latentSize].
   * @returns the caller disposes it.
   * @throws LabelError when labels are missing, out of range or of another count than z0.
   */
  override generate(z0: tf.Tensor2D, mode: Mode = {}): tf.Tensor5D {
    if (!mode.training) return super.generate(z0, mode);
    return tf.tidy(() => {
      const { glimpseFrames } = this.#sizes;
      const [batch] = z0.shape;
      const label = this.labelInputs(mode.labels, batch);
      const glimpses = this.glimpsesOf(this.#glimpses.fake, batch);
      const z1 = this.temporalGenerator.apply([z0, ...label], { training: true }) as tf.Tensor3D;
      const pictures = this.drawFrames(z0, pickRows(z1, glimpses, this.#sizes), label, true);
      return this.stack(pictures.reshape([batch, glimpseFrames, -1]), glimpses);
    });
  }

  /**
   * Scores of clips, or of glimpses from {@link generate}. Of clips, the critic sees the frames
   * that were drawn for the batch in training, and those in the middle otherwise.
   *
   * @param clips - [batch, frames, height, width, channels] in [-1, 1].
   * @returns [batch, 1]; the caller disposes it. With `frameCriticWidths`, each critic has a column
   * in training, so that an objective judges it by itself; at other times their scores are added.
   * @throws LabelError when labels are missing, out of range or of another count than the clips.
   */
  override score(clips: tf.Tensor5D, { training = false, labels }: Mode = {}): tf.Tensor2D {
    return tf.tidy(() => {
      const [batch, frames, height, width] = clips.shape;
      let seen = clips;
      if (frames > 1) {
        const glimpses = this.glimpsesOf(training ? this.#glimpses.real : [], batch);
        const rows = clips.reshape([batch, frames, -1]) as tf.Tensor3D;
        seen = this.stack(pickRows(rows, glimpses, this.#sizes), glimpses);
      }
      const planes = seen.reshape([batch, height, width, glimpseChannels(this.#sizes)]);
      const { frameCriticWidths, channels } = this.#sizes;
      const inputs = [planes];
      if (frameCriticWidths) inputs.push(planes.slice([0, 0, 0, 0], [-1, -1, -1, channels]));
      const label = this.labelInputs(labels, batch);
      const scores = this.critic.apply([...inputs, ...label], { training }) as tf.Tensor2D;
      return training ? scores : scores.sum(1, true);
    });
  }

  /** The glimpses of a batch, or the middle ones if none were drawn for this number of clips. */
  private glimpsesOf(drawn: readonly Glimpse[], count: number): readonly Glimpse[] {
    if (drawn.length === count) return drawn;
    return new Array<Glimpse>(count).fill(middleGlimpse(this.#sizes));
  }

  private stack(pictures: tf.Tensor, glimpses: readonly Glimpse[]): tf.Tensor5D {
    const { imageSize, channels } = this.#sizes;
    const stacked = stackGlimpses(pictures as tf.Tensor3D, glimpses, this.#sizes, channels);
    return stacked.reshape([glimpses.length, 1, imageSize, imageSize, stacked.shape[2]]);
  }
}
