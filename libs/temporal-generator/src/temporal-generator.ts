import { BatchNorm, halved, createKernelInitializer } from '@tgan/gan-layers';
import { parseOptions, Random } from '@tgan/core';
import * as tf from '@tensorflow/tfjs';
import { temporalGeneratorOptions, type TemporalGeneratorOptions } from './options.js';

/**
 * The temporal generator G0, which maps the latent of a video to a latent for each of its frames
 * (paper, section 3.2).
 *
 * A chain of 1-D deconvolutions: the first spreads z0 over `frames / 2^widths.length` moments (one,
 * in the paper), each later one doubles time. Batch norm and ReLU between, tanh at the end. With
 * `classes`, the first one also takes the label: [z0, label] (paper, conditional TGAN).
 *
 * @returns a model from z0 [batch, latentSize], and with `classes` also the one-hot label [batch,
 * classes], to the latents [batch, frames, frameLatentSize], each in (-1, 1).
 * @throws OptionsError when an option is out of range or `frames` does not fit the layers.
 */
export function createTemporalGenerator(options: TemporalGeneratorOptions = {}): tf.LayersModel {
  const {
    latentSize,
    frameLatentSize = latentSize,
    frames,
    widths,
    batchNormBeta,
    classes,
    initializer,
    seed,
  } = parseOptions(temporalGeneratorOptions, options, 'temporal generator');
  const random = new Random(seed);
  const moments = halved(frames, widths.length) as number;

  const z0 = tf.input({ shape: [latentSize], name: 'z0' });
  const inputs = [z0];
  let h = z0;
  if (classes > 0) {
    inputs.push(tf.input({ shape: [classes], name: 'label' }));
    h = tf.layers.concatenate().apply(inputs) as tf.SymbolicTensor;
  }
  // tfjs has no 1-D deconvolution: time is the width of an image one pixel high.
  h = tf.layers
    .reshape({ targetShape: [1, 1, latentSize + classes] })
    .apply(h) as tf.SymbolicTensor;

  [...widths, frameLatentSize].forEach((filters, layer) => {
    const [taps, stride] = layer === 0 ? [moments, 1] : [4, 2];
    h = tf.layers
      .conv2dTranspose({
        name: `deconv${layer}`,
        filters,
        kernelSize: [1, taps],
        strides: [1, stride],
        padding: layer === 0 ? 'valid' : 'same',
        kernelInitializer: createKernelInitializer(initializer, filters * taps, random.seed()),
      })
      .apply(h) as tf.SymbolicTensor;
    if (layer === widths.length) return;
    // An alpha of 0 is ReLU.
    h = new BatchNorm({ name: `bn${layer}`, center: batchNormBeta, leakyReluAlpha: 0 }).apply(
      h,
    ) as tf.SymbolicTensor;
  });

  h = tf.layers.reshape({ targetShape: [frames, frameLatentSize] }).apply(h) as tf.SymbolicTensor;
  const z1 = tf.layers.activation({ activation: 'tanh', name: 'z1' }).apply(h);
  return tf.model({ inputs, outputs: z1 as tf.SymbolicTensor, name: 'temporalGenerator' });
}
