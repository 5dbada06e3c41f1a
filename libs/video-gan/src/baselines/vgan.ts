import { createCritic3d } from '@tgan/critic-3d';
import { parseOptions, Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { AdversarialModel } from '../adversarial-model.js';
import { vganOptions, type VganOptions } from '../models/vgan.js';
import { initializerOf } from '../models/shared.js';
import type { Mode, PenalizedSamples } from '../video-model.js';
import { createVganGenerator } from './vgan-generator.js';

/** The parts of a VGAN clip: `clip = mask * foreground + (1 - mask) * background`. */
export interface VganStreams {
  /** [batch, frames, height, width, channels] in (-1, 1). */
  readonly clip: tf.Tensor5D;
  /** The moving foreground: [batch, frames, height, width, channels] in (-1, 1). */
  readonly foreground: tf.Tensor5D;
  /** Where the foreground shows: [batch, frames, height, width, 1] in (0, 1). */
  readonly mask: tf.Tensor5D;
  /** The still background: [batch, height, width, channels] in (-1, 1). */
  readonly background: tf.Tensor4D;
}

/**
 * VGAN (Vondrick, Pirsiavash and Torralba 2016) at the sizes of the paper's comparison: a stream of
 * 3-D deconvolutions for what moves, one of 2-D deconvolutions for a still background, and a mask
 * that blends them. Its critic is the Temporal GAN's.
 */
export class Vgan extends AdversarialModel<Required<VganOptions>> {
  /**
   * z0 [batch, latentSize] to foreground, mask and background, shaped as in {@link VganStreams}.
   */
  readonly generator: tf.LayersModel;

  /**
   * Makes both networks with fresh weights.
   *
   * @throws OptionsError when an option is out of range or a size does not fit the layers.
   */
  constructor(options: VganOptions = {}) {
    const parsed = parseOptions(vganOptions, options, 'VGAN');
    const { frames, imageSize, channels, criticWidths, leakyReluAlpha, noise } = parsed;
    const initializer = initializerOf(parsed.initializer);
    const random = new Random(parsed.seed);
    const generator = createVganGenerator({ ...parsed, initializer }, new Random(random.seed()));
    const seed = random.seed();
    const sizes = { frames, imageSize, channels, widths: criticWidths };
    super(
      parsed,
      { generator },
      createCritic3d({ ...sizes, leakyReluAlpha, noise, initializer, seed }),
    );
    this.generator = generator;
  }

  /**
   * Videos from latents, with the parts that make them: the mask view. The caller disposes all
   * four.
   */
  streams(z0: tf.Tensor2D, { training = false, labels }: Mode = {}): VganStreams {
    return tf.tidy(() => {
      const label = this.labelInputs(labels, z0.shape[0]);
      const [foreground, mask, background] = this.generator.apply([z0, ...label], {
        training,
      }) as [tf.Tensor5D, tf.Tensor5D, tf.Tensor4D];
      return { clip: blend(foreground, mask, background), foreground, mask, background };
    });
  }

  /** {@inheritDoc AdversarialModel.generate} */
  generate(z0: tf.Tensor2D, mode: Mode = {}): tf.Tensor5D {
    return tf.tidy(() => this.streams(z0, mode).clip);
  }

  /**
   * As {@link Vgan.generate}, with the L1 penalty on the mask: `maskPenalty` times its mean. It
   * keeps the foreground from covering the whole frame. The caller disposes both.
   */
  generateWithPenalty(z0: tf.Tensor2D, mode: Mode = {}): Required<PenalizedSamples> {
    return tf.tidy(() => {
      const { clip, mask } = this.streams(z0, mode);
      return { samples: clip, penalty: mask.mean().mul(this.options.maskPenalty) as tf.Scalar };
    });
  }
}

/**
 * background + mask * (foreground - background), in few dimensions, because tfjs's WebGPU kernels
 * fail at rank 5.
 */
function blend(foreground: tf.Tensor5D, mask: tf.Tensor5D, background: tf.Tensor4D): tf.Tensor5D {
  const [batch, frames, height, width, channels] = foreground.shape;
  const frame = height * width * channels;
  const still = background.reshape([batch, 1, frame]);
  const over = foreground.reshape([batch, frames, frame]).sub(still);
  const seen = over.reshape([-1, channels]).mul(mask.reshape([-1, 1]));
  return seen.reshape([batch, frames, frame]).add(still).reshape(foreground.shape);
}
