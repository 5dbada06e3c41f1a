import { BatchNorm, halved, kernelInitialiser } from '@tgan/gan-layers';
import { parseOptions } from '@tgan/options';
import { Random } from '@tgan/random';
import * as tf from '@tensorflow/tfjs';
import { critic3dOptions, type Critic3dOptions } from './options.js';

/**
 * The critic D: a clip to a score, higher for real ones (paper, section 3.3).
 *
 * 3-D convolutions of 4x4x4 and stride 2 halve time, height and width; a last convolution over all that is left
 * gives the score (the original code's form of the paper's fully connected layer). Batch norm without shift follows
 * every convolution but the first and the last, LeakyReLU every one but the last.
 *
 * @returns a model from clips [batch, frames, height, width, channels] to scores [batch, 1].
 * @throws OptionsError when an option is out of range or `frames` or `imageSize` does not fit the layers.
 */
export function createCritic3d(options: Critic3dOptions = {}): tf.LayersModel {
  const { frames, imageSize, channels, widths, slope, init, seed } = parseOptions(
    critic3dOptions,
    options,
    'critic',
  );
  const random = new Random(seed);
  const convolution = (
    layer: number,
    filters: number,
    fanIn: number,
    window: { kernelSize: [number, number, number]; strides: number; padding: 'same' | 'valid' },
  ) =>
    tf.layers.conv3d({
      name: `conv${layer}`,
      filters,
      kernelInitializer: kernelInitialiser(init, fanIn, random.seed()),
      ...window,
    });

  const clip = tf.input({ shape: [frames, imageSize, imageSize, channels], name: 'clip' });
  let h = clip;
  let inputs = channels;
  widths.forEach((filters, layer) => {
    h = convolution(layer, filters, inputs * 4 ** 3, {
      kernelSize: [4, 4, 4],
      strides: 2,
      padding: 'same',
    }).apply(h) as tf.SymbolicTensor;
    if (layer > 0) {
      h = new BatchNorm({ name: `bn${layer}`, center: false }).apply(h) as tf.SymbolicTensor;
    }
    h = tf.layers.leakyReLU({ alpha: slope }).apply(h) as tf.SymbolicTensor;
    inputs = filters;
  });

  const time = halved(frames, widths.length) as number;
  const side = halved(imageSize, widths.length) as number;
  h = convolution(widths.length, 1, inputs * time * side * side, {
    kernelSize: [time, side, side],
    strides: 1,
    padding: 'valid',
  }).apply(h) as tf.SymbolicTensor;
  const score = tf.layers.flatten({ name: 'score' }).apply(h) as tf.SymbolicTensor;
  return tf.model({ inputs: clip, outputs: score, name: 'critic' });
}
