import { parseOptions } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { createCritic } from './critic.js';
import { dualCriticOptions, type DualCriticOptions } from './dual-critic-options.js';

/**
 * Two critics in one model, as in DVD-GAN (Clark et al. 2019): one sees all frames of a clip at a
 * fraction of their size, and so how things move; one sees a single frame of full size, and so what
 * they look like. Each has a score of its own.
 *
 * The frames of the small clip are stacked by channel, so all convolutions are two-dimensional:
 * 4x4 and stride 2, then one over what is left. Batch norm without shift follows every convolution
 * except the first and the last. LeakyReLU follows every one except the last. With `classes`, the
 * label changes both scores by a projection (Miyato and Koyama 2018), which learns much faster than
 * a label that is repeated at every pixel.
 *
 * The layers `each_label` and `frame_each_label` output what the label would add, for all labels:
 * [batch, classes].
 *
 * @returns a model from small clips [batch, height / pooling, width / pooling, frames * channels],
 * frames [batch, height, width, channels], and with `classes` the one-hot label [batch, classes],
 * to scores [batch, 2]: of the clip and of the frame.
 * @throws OptionsError when an option is out of range or `imageSize` does not fit the layers.
 */
export function createDualCritic(options: DualCriticOptions = {}): tf.LayersModel {
  const parsed = parseOptions(dualCriticOptions, options, 'dual critic');
  const { frames, imageSize, channels, pooling, widths, frameWidths } = parsed;
  const picture = (name: string, size: number, maps: number) =>
    tf.input({ shape: [size, size, maps], name });
  const views = [
    { input: picture('clip', imageSize / pooling, frames * channels), widths },
    { input: picture('frame', imageSize, channels), widths: frameWidths, prefix: 'frame_' },
  ];
  return createCritic(views, parsed, tf.layers.conv2d, 'projection');
}
