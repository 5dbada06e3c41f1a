import { BatchNorm, GaussianNoise, halved, createKernelInitializer } from '@tgan/gan-layers';
import { parseOptions, Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { critic3dOptions, type Critic3dOptions } from './options.js';

/**
 * The critic D: a clip to a score, higher for real ones (paper, section 3.3).
 *
 * 3-D convolutions of 4x4x4 and stride 2 halve time, height and width; a last convolution over all
 * that is left gives the score (the original code's form of the paper's fully connected layer).
 * Batch norm without shift follows every convolution but the first and the last, LeakyReLU every
 * one but the last. With `classes`, the label stands at every pixel as further channels of the clip
 * (paper, conditional TGAN).
 *
 * @returns a model from clips [batch, frames, height, width, channels], and with `classes` also the
 * one-hot label [batch, classes], to scores [batch, 1].
 * @throws OptionsError when an option is out of range or `frames` or `imageSize` does not fit the
 * layers.
 */
export function createCritic3d(options: Critic3dOptions = {}): tf.LayersModel {
  const { frames, imageSize, channels, widths, leakyReluAlpha, noise, classes, initializer, seed } =
    parseOptions(critic3dOptions, options, 'critic');
  const random = new Random(seed);
  const noiseSeeds = new Random(seed, 1);
  const convolution = (
    layer: number,
    filters: number,
    fanIn: number,
    window: { kernelSize: [number, number, number]; strides: number; padding: 'same' | 'valid' },
  ) =>
    tf.layers.conv3d({
      name: `conv${layer}`,
      filters,
      kernelInitializer: createKernelInitializer(initializer, fanIn, random.seed()),
      ...window,
    });

  const clip = tf.input({ shape: [frames, imageSize, imageSize, channels], name: 'clip' });
  const inputs = [clip];
  let h = clip;
  if (classes > 0) {
    const label = tf.input({ shape: [classes], name: 'label' });
    inputs.push(label);
    h = withLabel(clip, label);
  }
  let maps = channels + classes;
  widths.forEach((filters, layer) => {
    h = convolution(layer, filters, maps * 4 ** 3, {
      kernelSize: [4, 4, 4],
      strides: 2,
      padding: 'same',
    }).apply(h) as tf.SymbolicTensor;
    // LeakyReLU comes with batch norm, in one pass over memory, where nothing stands between them.
    const fused = layer > 0 && noise === 0;
    if (layer > 0) {
      h = new BatchNorm({
        name: `bn${layer}`,
        center: false,
        slope: fused ? leakyReluAlpha : 1,
      }).apply(h) as tf.SymbolicTensor;
    }
    if (noise > 0) {
      h = new GaussianNoise({
        name: `noise${layer}`,
        stddev: noise,
        seed: noiseSeeds.seed(),
      }).apply(h) as tf.SymbolicTensor;
    }
    if (!fused) h = tf.layers.leakyReLU({ alpha: leakyReluAlpha }).apply(h) as tf.SymbolicTensor;
    maps = filters;
  });

  const time = halved(frames, widths.length) as number;
  const side = halved(imageSize, widths.length) as number;
  h = convolution(widths.length, 1, maps * time * side * side, {
    kernelSize: [time, side, side],
    strides: 1,
    padding: 'valid',
  }).apply(h) as tf.SymbolicTensor;
  const score = tf.layers.flatten({ name: 'score' }).apply(h) as tf.SymbolicTensor;
  return tf.model({ inputs, outputs: score, name: 'critic' });
}

/** The clip with the label [classes] as further channels of every pixel. */
function withLabel(clip: tf.SymbolicTensor, label: tf.SymbolicTensor): tf.SymbolicTensor {
  const [, frames, height, width, channels] = clip.shape as number[];
  const pixels = frames * height * width;
  // Three dimensions, because tfjs's WebGPU kernels fail at rank 5.
  const rows = tf.layers.reshape({ targetShape: [pixels, channels] }).apply(clip);
  const labels = tf.layers.repeatVector({ n: pixels }).apply(label);
  const joined = tf.layers.concatenate().apply([rows, labels] as tf.SymbolicTensor[]);
  const targetShape = [frames, height, width, channels + (label.shape[1] as number)];
  return tf.layers.reshape({ targetShape }).apply(joined) as tf.SymbolicTensor;
}
