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
 * With `frameWidths`, further convolutions judge the first frame of the glimpse alone, so that
 * shapes and motion do not share the feature maps. Each has a score of its own, as the critics of
 * MoCoGAN (Tulyakov et al. 2018) and DVD-GAN (Clark et al. 2019).
 *
 * It costs a fraction of a 3-D critic, because the generator makes no other frames in training.
 * Critics of a few frames are in DIGAN (Yu et al. 2022) and StyleGAN-V (Skorokhodov et al. 2022).
 *
 * @returns a model from glimpses [batch, height, width, frames * channels + 2], with `frameWidths`
 * their first frames [batch, height, width, channels], and with `classes` the one-hot label [batch,
 * classes], to scores [batch, 1], or [batch, 2] with `frameWidths`.
 * @throws OptionsError when an option is out of range or `imageSize` does not fit the layers.
 */
export function createGlimpseCritic(options: GlimpseCriticOptions = {}): tf.LayersModel {
  const parsed = parseOptions(glimpseCriticOptions, options, 'glimpse critic');
  const { imageSize, channels, widths, frameWidths } = parsed;
  const picture = (name: string, maps: number) =>
    tf.input({ shape: [imageSize, imageSize, maps], name });
  const glimpse = picture('glimpse', glimpseChannels(parsed));
  if (!frameWidths) return createCritic([{ input: glimpse, widths }], parsed, tf.layers.conv2d);
  const views = [
    { input: glimpse, widths },
    { input: picture('frame', channels), widths: frameWidths, prefix: 'frame_' },
  ];
  return createCritic(views, parsed, tf.layers.conv2d);
}
