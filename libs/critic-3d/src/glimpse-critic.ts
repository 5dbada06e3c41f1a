import { parseOptions } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { createCritic } from './critic.js';
import {
  glimpseChannels,
  glimpseCriticOptions,
  type GlimpseCriticOptions,
} from './glimpse-critic-options.js';

/**
 * A critic of glimpses: of a few frames of a clip, stacked by channel, with two planes that say how
 * far apart the frames are and when the first one is.
 *
 * 2-D convolutions of 4x4 and stride 2 halve height and width; a last convolution over all that is
 * left gives the score. Batch norm without shift follows every convolution but the first and the
 * last, LeakyReLU every one but the last. With `classes`, the label stands at every pixel as
 * further channels.
 *
 * It costs a fraction of a 3-D critic, because the generator draws no other frames while it trains.
 * Critics of a few frames are in DIGAN (Yu et al. 2022) and StyleGAN-V (Skorokhodov et al. 2022).
 *
 * @returns a model from glimpses [batch, height, width, frames * channels + 2], and with `classes`
 * also the one-hot label [batch, classes], to scores [batch, 1].
 * @throws OptionsError when an option is out of range or `imageSize` does not fit the layers.
 */
export function createGlimpseCritic(options: GlimpseCriticOptions = {}): tf.LayersModel {
  const parsed = parseOptions(glimpseCriticOptions, options, 'glimpse critic');
  const { imageSize } = parsed;
  const shape = [imageSize, imageSize, glimpseChannels(parsed)];
  return createCritic(tf.input({ shape, name: 'glimpse' }), parsed, tf.layers.conv2d);
}
