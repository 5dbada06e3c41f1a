import { Random, sizeOf } from '@tgan/core';
import { BatchNorm, createKernelInitializer, GaussianNoise, halved } from '@tgan/gan-layers';
import * as tf from '@tensorflow/tfjs';
import type { z } from 'zod';
import type { critic3dOptions } from './options.js';

/** The options that critics of clips and of glimpses share. */
type CriticOptions = Omit<z.output<typeof critic3dOptions>, 'frames' | 'imageSize' | 'channels'>;

/**
 * Creates a critic: convolutions that halve every axis except the channels, and one over the rest.
 *
 * @param input - [..., channels].
 * @param convolution - `tf.layers.conv2d` or `tf.layers.conv3d`.
 */
export function createCritic(
  input: tf.SymbolicTensor,
  { widths, leakyReluAlpha, noise, classes, initializer, seed }: CriticOptions,
  convolution: typeof tf.layers.conv2d | typeof tf.layers.conv3d,
): tf.LayersModel {
  const random = new Random(seed);
  const noiseSeeds = new Random(seed, 1);
  const inputs = [input];
  let h = input;
  const apply = (layer: tf.layers.Layer) => (h = layer.apply(h) as tf.SymbolicTensor);
  const convolve = (
    layer: number,
    filters: number,
    window: { kernelSize: number[]; strides: number; padding: 'same' | 'valid' },
  ) => {
    const fanIn = sizeOf(window.kernelSize) * h.shape.at(-1)!;
    const kernelInitializer = createKernelInitializer(initializer, fanIn, random.seed());
    apply(convolution({ name: `conv${layer}`, filters, kernelInitializer, ...window }));
  };

  if (classes > 0) {
    const label = tf.input({ shape: [classes], name: 'label' });
    inputs.push(label);
    h = withLabel(input, label);
  }
  const axes = input.shape.slice(1, -1) as number[];
  widths.forEach((filters, layer) => {
    convolve(layer, filters, { kernelSize: axes.map(() => 4), strides: 2, padding: 'same' });
    // Batch norm includes the LeakyReLU, in one pass over memory, if there is no noise between
    // them.
    const fused = layer > 0 && noise === 0;
    if (layer > 0) {
      const alpha = fused ? leakyReluAlpha : 1;
      apply(new BatchNorm({ name: `bn${layer}`, center: false, leakyReluAlpha: alpha }));
    }
    if (noise > 0) {
      const name = `noise${layer}`;
      apply(new GaussianNoise({ name, stddev: noise, seed: noiseSeeds.seed() }));
    }
    if (!fused) apply(tf.layers.leakyReLU({ alpha: leakyReluAlpha }));
  });

  const kernelSize = axes.map((size) => halved(size, widths.length)!);
  convolve(widths.length, 1, { kernelSize, strides: 1, padding: 'valid' });
  apply(tf.layers.flatten({ name: 'score' }));
  return tf.model({ inputs, outputs: h, name: 'critic' });
}

/** The input with the label [classes] as further channels of every pixel. */
function withLabel(input: tf.SymbolicTensor, label: tf.SymbolicTensor): tf.SymbolicTensor {
  const shape = input.shape.slice(1) as number[];
  const channels = shape.pop()!;
  const pixels = sizeOf(shape);
  // Three dimensions, because tfjs's WebGPU kernels fail at rank 5.
  const rows = tf.layers.reshape({ targetShape: [pixels, channels] }).apply(input);
  const labels = tf.layers.repeatVector({ n: pixels }).apply(label);
  const joined = tf.layers.concatenate().apply([rows, labels] as tf.SymbolicTensor[]);
  const targetShape = [...shape, channels + (label.shape[1] as number)];
  return tf.layers.reshape({ targetShape }).apply(joined) as tf.SymbolicTensor;
}
