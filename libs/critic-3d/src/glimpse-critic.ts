import { parseOptions } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { createCritic } from './critic.js';
import {
  glimpseChannels,
  glimpseCriticOptions,
  type GlimpseCriticOptions,
} from './glimpse-critic-options.js';

/**
 * A critic of glimpses. A glimpse is a few frames of a clip, stacked by channel, with two planes
 * for the distance of the frames and the time of the first one.
 *
 * 2-D convolutions of 4x4 and stride 2 halve height and width; a last convolution over the rest
 * gives the score. Batch norm without shift follows every convolution except the first and the
 * last. LeakyReLU follows every one except the last. With `classes`, the label is repeated at every
 * pixel as further channels.
 *
 * It costs a fraction of a 3-D critic, because the generator makes no other frames in training.
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
