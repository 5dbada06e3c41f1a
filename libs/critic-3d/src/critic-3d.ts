import { parseOptions } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { createCritic } from './critic.js';
import { critic3dOptions, type Critic3dOptions } from './options.js';

/**
 * The critic D, which maps a clip to a score, higher for real clips (paper, section 3.3).
 *
 * 3-D convolutions of 4x4x4 and stride 2 halve time, height and width; a last convolution over the
 * rest gives the score (the original code's form of the paper's fully connected layer). Batch norm
 * without shift follows every convolution except the first and the last. LeakyReLU follows every
 * one except the last. With `classes`, the label is repeated at every pixel as further channels
 * (paper, conditional TGAN).
 *
 * @returns a model from clips [batch, frames, height, width, channels], and with `classes` also the
 * one-hot label [batch, classes], to scores [batch, 1].
 * @throws OptionsError when an option is out of range or `frames` or `imageSize` does not fit the
 * layers.
 */
export function createCritic3d(options: Critic3dOptions = {}): tf.LayersModel {
  const parsed = parseOptions(critic3dOptions, options, 'critic');
  const { frames, imageSize, channels } = parsed;
  const clip = tf.input({ shape: [frames, imageSize, imageSize, channels], name: 'clip' });
  return createCritic([{ input: clip, widths: parsed.widths }], parsed, tf.layers.conv3d);
}
